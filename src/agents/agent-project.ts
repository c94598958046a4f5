import type { JsonObject } from '../core/json/json-value.ts';
import type { AgentDefinition } from './agent-definition.ts';

/** The definitions of a project, as plain data. */
export interface AgentProject {
  /** Sorted by name. */
  readonly agents: readonly AgentDefinition[];
  /** Every exported tool function of the project. */
  readonly tools: readonly ToolDescription[];
  /** The operator's prices by model, if they are deployed with the project. */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  /** Models without a known price, by agent, if the project was packed for a deployment. */
  readonly unpriced?: Readonly<Record<string, readonly string[]>>;
}

/** US dollars per million tokens. */
export interface ModelPrice {
  readonly input_per_million: number;
  readonly output_per_million: number;
  readonly cached_input_per_million?: number | undefined;
}

/** How a tool is described to a model. */
export interface ToolDescription {
  /** `module.function`. */
  readonly name: string;
  /** The text of the function's doc comment; may be empty. */
  readonly description: string;
  /** JSON Schema of the function's first parameter, an object, derived from its TypeScript type. */
  readonly parameters: JsonObject;
}

/** The code of a project, as exported by its bundle. */
export interface ProjectCode {
  /** By `module.function`. */
  readonly tools: Readonly<Record<string, ToolFunction>>;
  /** By agent name. */
  readonly middleware: Readonly<Record<string, Middleware>>;
  /** By agent name. */
  readonly hooks: Readonly<Record<string, ToolHooks>>;
  /** By file name. */
  readonly guardrails: Readonly<Record<string, CustomGuardrail>>;
}

/** Exported by `tools/*.ts`. `input` comes from the model, or from a tool agent's payload. */
export type ToolFunction = (input: never, context: ToolContext) => unknown;

export interface Middleware {
  /**
   * Receives the agent's input: a `MessageContent` for an llm agent, the payload for a tool or sequential agent. A
   * returned value replaces it; `undefined` keeps it, including changes made in place.
   */
  readonly before?: (content: never, context: ToolContext) => unknown;
  /** Receives the agent's answer as text. A returned value replaces it; `undefined` keeps it. */
  readonly after?: (response: never, context: ToolContext) => unknown;
}

/** Code around each tool call of an agent. */
export interface ToolHooks {
  /** Receives the arguments. A returned value replaces them; `undefined` keeps them, including changes made in place. */
  readonly before?: (toolName: string, params: never, context: ToolContext) => unknown;
  /** Receives the result. A returned value replaces it; `undefined` keeps it, including changes made in place. */
  readonly after?: (toolName: string, params: never, result: never, context: ToolContext) => unknown;
}

/** What a guardrail of the project says of a text. */
export interface GuardrailResult {
  readonly passed: boolean;
  /** What the caller gets if the text has not passed. */
  readonly message?: string;
  /** For the trace: any value that JSON can represent. */
  readonly details?: unknown;
}

/** Exported by `guardrails/*.ts`. */
export interface CustomGuardrail {
  /** Returns or resolves with a `GuardrailResult`; anything else means that the text has not passed. */
  readonly check: (content: string, context: ToolContext) => unknown;
}

/** The message that a model is about to get, as middleware sees it. */
export interface MessageContent {
  role: 'user';
  parts: MessagePart[];
}

export type MessagePart = { text: string } | { data: string; mime_type: string; name?: string };

/**
 * What tools and middleware know of the run. Fields that they add are visible to later ones, fill `{name}` in the
 * system prompt, and are kept as the run's context.
 */
export interface ToolContext {
  readonly run_id: string;
  readonly agent_name: string;
  readonly connector_id: string | null;
  /** Start of the run, ISO 8601. */
  readonly timestamp: string;
  readonly payload: unknown;
  readonly log: ToolLog;
  /** Aborts when the run is cancelled or its agent's timeout passes; pass it to `fetch` and similar calls. */
  readonly signal: AbortSignal;
  /**
   * Sends a message to an outbound connector that links to the agent. Resolves once its delivery is stored or, with `wait`,
   * has ended. Rejects if it is refused.
   *
   * @param name of the connector, or its id
   */
  send_connector(name: string, message: object, options?: SendOptions): Promise<SentMessage>;
  [key: string]: unknown;
}

export interface SendOptions {
  /** Whether to wait until the message is delivered, or has failed. Default: false. */
  readonly wait?: boolean;
  /** How long to wait at most; never longer than half of the agent's timeout. Default: 60. */
  readonly timeout_seconds?: number;
}

export interface SentMessage {
  /** `null` if the connector's filter did not want the message. */
  readonly delivery_id: string | null;
  /** `pending`: it is on its way. */
  readonly status: 'pending' | 'held' | 'delivered' | 'failed' | 'cancelled' | 'filtered';
  /** Why it is held or filtered, or has failed so far. */
  readonly reason?: string;
}

/** Writes log lines to the run's trace, like `console`. */
export interface ToolLog {
  debug(...message: unknown[]): void;
  info(...message: unknown[]): void;
  warn(...message: unknown[]): void;
  error(...message: unknown[]): void;
}
