import type { CallCost, CallVerdict, PlannedCall } from '../budgets/model-call.ts';
import type { DeliveryStatus } from '../deliveries/delivery.ts';
import type { JsonObject, JsonValue, Payload } from '../json/json-value.ts';
import type { When } from '../runs/due-time.ts';
import type { Isolation, RunError, RunStatus, TokenUsage } from '../runs/run.ts';
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
  /** How isolated the run must be, if the executor runs several at a time. */
  readonly isolation: Isolation;
  /** Whether `onText` has a reader: a model is then asked to stream. */
  readonly streaming: boolean;
  /** Key of the conversation that the event continues, for an agent without a `session`; absent if there is none. */
  readonly conversationKey?: string;
  /** Whether a caller waits for the answer: the run then starts before those from the queue. */
  readonly awaited: boolean;
}

/** An agent's call to run another agent. */
export interface AgentTrigger {
  readonly agentName: string;
  readonly payloadText: string;
  /** Which of the run's calls with the same agent, payload and time this is, from 0: a run that executes again repeats them. */
  readonly occurrence: number;
  readonly when: When;
  /** How long to wait for the end of the run, in seconds; `null` to go on at once. */
  readonly waitSeconds: number | null;
}

export type AgentTriggered =
  | {
      /** The run is stored, and has ended if `waitSeconds` was long enough. */
      readonly outcome: 'started';
      readonly runId: string;
      readonly status: RunStatus;
      /** Unix ms. */
      readonly scheduledAt: number | null;
      readonly output: string | null;
      readonly error: string | null;
    }
  /** Nothing was started; one sentence for the model. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** An outbound connector to which an agent can send by choice. */
export interface SendTarget {
  readonly connectorId: string;
  /** The connector's name. */
  readonly name: string;
  /** Name of the tool that the agent's model has for it; `null` if only code sends. */
  readonly toolName: string | null;
  readonly description: string;
  /** JSON Schema of the message. */
  readonly parameters: JsonObject;
}

/** A message that an agent sends to an outbound connector. */
export interface AgentMessage {
  /** The agent that sends it: the run's own, or one of its steps. */
  readonly agentName: string;
  readonly connectorId: string;
  /** A JSON object that fits the target's parameters. */
  readonly messageText: string;
  /** Which of the run's equal messages to the same connector this is, from 0: a run that executes again repeats them. */
  readonly occurrence: number;
  /** How long to wait for the end of the delivery, in seconds; `null` to go on at once. */
  readonly waitSeconds: number | null;
}

export type AgentSent =
  | {
      /** The delivery is stored, and has ended if `waitSeconds` was long enough. */
      readonly outcome: 'sent';
      readonly deliveryId: string;
      readonly status: DeliveryStatus;
      /** Why it has failed so far, is held, or was cancelled. */
      readonly reason: string | null;
    }
  /** Nothing is sent: one sentence. */
  | { readonly outcome: 'refused' | 'filtered'; readonly reason: string };

export interface AgentHooks {
  /** Aborted when the run is cancelled; the executor enforces the agent's own timeout. */
  readonly signal: AbortSignal;
  /**
   * Loads the conversation that the agent keeps under a key; empty for a new one. Called at most once, as soon as the
   * key is known: middleware may have put it into the context. If it rejects, so does the attempt.
   */
  readonly loadSession: (key: string) => Promise<readonly JsonValue[]>;
  /** Asked before each call of a model, and told afterwards what it has used; absent if nothing limits the calls. */
  readonly budget?: CallBudget | undefined;
  /** Runs another agent. Resolves once its run is stored, or has ended. Rejects if the store is unavailable. */
  readonly trigger: (trigger: AgentTrigger) => Promise<AgentTriggered>;
  /** The outbound connectors to which an agent can send by choice. Rejects if the store is unavailable. */
  readonly sendTargets: (agentName: string) => Promise<readonly SendTarget[]>;
  /** Sends a message. Resolves once its delivery is stored, or has ended. Rejects if the store is unavailable. */
  readonly send: (message: AgentMessage) => Promise<AgentSent>;
  /** Text of the answer as the model writes it. */
  readonly onText?: (text: string) => void;
  /** The trace so far, at most about once a second. */
  readonly onTrace?: (trace: Trace) => void;
}

export interface CallBudget {
  reserve(call: PlannedCall): Promise<CallVerdict>;
  /** @param used `null` if it is not known: then the call has used what it reserved */
  settle(reservation: string, used: CallCost | null): Promise<void>;
}

/** A conversation, including what an attempt has added. */
export interface KeptSession {
  readonly key: string;
  readonly messages: readonly JsonValue[];
}

/** What an attempt reports, whatever its outcome. */
export interface AgentReport {
  readonly tokenUsage: TokenUsage | null;
  readonly costUsd: number | null;
  readonly model: string | null;
  readonly context: JsonObject;
  readonly warnings: readonly string[];
  readonly trace: Trace;
  /** The conversation to keep; `null` if the agent keeps none, the run has no key for it, or the attempt failed. */
  readonly session: KeptSession | null;
}

export type AgentOutcome =
  | ({
      readonly outcome: 'completed';
      readonly output: string;
      /** `false` if the code of the agent wants the result not to be delivered; otherwise absent. */
      readonly publishes?: false;
    } & AgentReport)
  /** The agent's own failure: model, tool, schema or timeout. The queue does not retry it. */
  | ({ readonly outcome: 'failed'; readonly error: RunError } & AgentReport)
  | ({ readonly outcome: 'cancelled' } & AgentReport)
  /** A budget is used up: the run must wait, and then begins again. */
  | ({ readonly outcome: 'held' } & AgentReport);

/**
 * Runs agents. Throws only if the attempt was interrupted, so that the run is tried again: an InterruptedRun with the
 * run's role, or any other error for a failure of the platform.
 */
export interface AgentExecutor {
  /** Whether its process executes other runs at the same time. */
  readonly isShared: boolean;
  execute(request: AgentRequest, hooks: AgentHooks): Promise<AgentOutcome>;
}
