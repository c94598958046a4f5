import type { JsonValue, Payload } from '../../core/json/json-value.ts';
import type { AgentHooks, AgentRequest, KeptSession, SendTarget } from '../../core/ports/agent-executor.ts';
import type { AgentDefinition } from '../agent-definition.ts';
import type { AgentProject, ProjectCode, ToolContext, ToolDescription } from '../agent-project.ts';
import type { KeyPlace } from '../models/resolve-model.ts';
import type { OpenSpan, TraceRecorder, UsageMeter } from './trace-recorder.ts';

/** The surroundings of a run: nothing below reads the process's environment or clock directly. */
export interface RunEnvironment {
  /** Provider keys, base URLs and price file, by their usual names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the operator sets provider keys, for the error of an agent that lacks one. */
  readonly keyPlace?: KeyPlace;
  /** Unix ms. */
  readonly now: () => number;
  /**
   * Time in ms, from any starting point, for which the code of some run has held up the others; absent if runs share no
   * thread.
   */
  readonly heldMs?: () => number;
  /** A number in [0, 1) for the jitter of pauses; default: `Math.random`. */
  readonly random?: () => number;
}

/** Shared by all agents of one run: the run's own agent and, if that is sequential, its steps. */
export interface RunScope {
  readonly project: AgentProject;
  readonly code: ProjectCode;
  readonly request: AgentRequest;
  readonly environment: RunEnvironment;
  readonly startedAt: number;
  readonly trace: TraceRecorder;
  readonly usage: UsageMeter;
  /** One sentence each, without repeats. */
  readonly warnings: Set<string>;
  /** Reserves and settles what calls of models use; absent if nothing limits it. */
  readonly budget?: AgentHooks['budget'];
  /** The payload as code sees it: without what a guardrail has redacted. */
  visiblePayload: JsonValue;
  /** How long the run has waited for reservations so far, in ms: that is not the agent's time. */
  waitedMs: number;
  /** The key of the run's conversation, once it is known; otherwise `null`. */
  sessionKey: string | null;
  readonly trigger: AgentHooks['trigger'];
  readonly sendTargets: AgentHooks['sendTargets'];
  readonly send: AgentHooks['send'];
  /** The connectors to which an agent can send by choice, by agent, once they are read. */
  readonly targets: Map<string, Promise<readonly SendTarget[]>>;
  /** How often the run has started each run of another agent, and sent each message to each connector, so far. */
  readonly occurrences: Map<string, number>;
  /** Context values that the trigger, middleware and tools have set so far. */
  readonly values: Record<string, unknown>;
}

/** Input of one agent of a run. */
export interface AgentInput {
  readonly name: string;
  readonly payload: Payload;
  readonly modelInput: string | null;
  /** Loads the conversation so far; `null` for a step of a sequence, which keeps none. */
  readonly loadSession: AgentHooks['loadSession'] | null;
  /** Receives the text as the model writes it; absent if no caller reads it. */
  readonly onText: ((text: string) => void) | undefined;
}

/** One agent at work inside a run. */
export interface Invocation<Agent extends AgentDefinition = AgentDefinition> extends AgentInput {
  readonly run: RunScope;
  readonly agent: Agent;
  readonly context: ToolContext;
  readonly span: OpenSpan;
  /** Aborts when the run is cancelled or the agent's timeout passes. */
  readonly signal: AbortSignal;
  /** Runs another agent of the project as part of this one, within its timeout. */
  readonly invoke: (input: AgentInput, parent: OpenSpan) => Promise<AgentAnswer>;
}

/** The result of an agent. */
export interface AgentAnswer {
  readonly text: string;
  /** The conversation to keep; `null` if the agent keeps none. */
  readonly session: KeptSession | null;
  /** Whether a guardrail has blocked the agent: the text is the rejection. */
  readonly isBlocked?: true;
}

/** A tool of an agent that is no code of the project, such as one that sends to a connector. */
export interface ProvidedTool {
  readonly tool: ToolDescription;
  /**
   * @param input fits the tool's parameters
   * @param span of the call
   */
  readonly call: (input: unknown, span: OpenSpan) => Promise<unknown>;
}
