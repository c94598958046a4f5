import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Payload } from '../json/payload.ts';
import type { Isolation } from '../runs/interruption.ts';
import type { RunError, TokenUsage } from '../runs/run.ts';
import type { Trace } from '../runs/trace.ts';

/** Everything an agent gets for one attempt. */
export interface AgentRequest {
  readonly runId: string;
  readonly agentName: string;
  readonly connectorId: string | null;
  readonly payload: Payload;
  readonly modelInput: string | null;
  readonly context: JsonObject;
  /** From 1. */
  readonly attempt: number;
  /** How far apart from others the run is to be executed, where the executor takes many. */
  readonly isolation: Isolation;
  /** Whether anybody reads `onText`: a model is then asked to stream. */
  readonly streaming: boolean;
  /** Whether a caller waits for the answer: the run begins before those that came from the queue. */
  readonly awaited: boolean;
}

export interface AgentHooks {
  /** Aborted when the run is cancelled; the agent's own timeout is the executor's to keep. */
  readonly signal: AbortSignal;
  /**
   * The conversation that the run's agent keeps under a key so far; empty for a new one. Called at most once, as soon
   * as the key is known: middleware may have put it into the context. Where it rejects, so does the attempt.
   */
  readonly loadSession: (key: string) => Promise<readonly JsonValue[]>;
  /** Text of the answer as the model writes it. */
  readonly onText?: (text: string) => void;
  /** The trace so far, at most about once a second. */
  readonly onTrace?: (trace: Trace) => void;
}

/** A conversation with what an attempt has added to it. */
export interface KeptSession {
  readonly key: string;
  readonly messages: readonly JsonValue[];
}

/** What is left of an attempt, however it ended. */
export interface AgentReport {
  readonly tokenUsage: TokenUsage | null;
  readonly costUsd: number | null;
  readonly model: string | null;
  readonly context: JsonObject;
  readonly warnings: readonly string[];
  readonly trace: Trace;
  /** The conversation to keep; `null` where the agent keeps none, the run has no key for it or the attempt failed. */
  readonly session: KeptSession | null;
}

export type AgentOutcome =
  | ({ readonly outcome: 'completed'; readonly output: string } & AgentReport)
  /** The agent's own failure: model, tool, schema or timeout. Trying again is not the queue's business. */
  | ({ readonly outcome: 'failed'; readonly error: RunError } & AgentReport)
  | ({ readonly outcome: 'cancelled' } & AgentReport);

/**
 * Runs agents. Throws only where the attempt broke off, so that the run is tried again: InterruptedRun, which says what the
 * run had to do with it, or anything else for the platform's failures.
 */
export interface AgentExecutor {
  /** Whether its process executes other runs at the same time. */
  readonly isShared: boolean;
  execute(request: AgentRequest, hooks: AgentHooks): Promise<AgentOutcome>;
}
