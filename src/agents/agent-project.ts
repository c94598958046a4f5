import type { JsonObject } from '../core/json/json-value.ts';
import type { AgentDefinition } from './agent-definition.ts';

/** What a project says, as plain data. */
export interface AgentProject {
  /** By name. */
  readonly agents: readonly AgentDefinition[];
  /** Every exported tool function of the project, by name. */
  readonly tools: readonly ToolDescription[];
}

/** What a model is told of a tool. */
export interface ToolDescription {
  /** `module.function`. */
  readonly name: string;
  /** The text of the function's doc comment; empty where it has none. */
  readonly description: string;
  /** JSON Schema of the function's first parameter, an object; from its TypeScript type. */
  readonly parameters: JsonObject;
}

/** The code of a project, as the bundle of its tools and middleware exports it. */
export interface ProjectCode {
  /** By `module.function`. */
  readonly tools: Readonly<Record<string, ToolFunction>>;
  /** By agent name. */
  readonly middleware: Readonly<Record<string, Middleware>>;
}

/** `tools/*.ts` export these. `input` is what the model, or a tool agent's payload, gives. */
export type ToolFunction = (input: never, context: ToolContext) => unknown;

export interface Middleware {
  /**
   * Gets what the agent is about to work on: a `MessageContent` for an llm agent, the payload for a tool or sequential
   * agent. What it returns replaces it; `undefined` keeps it, with whatever was changed in place.
   */
  readonly before?: (content: never, context: ToolContext) => unknown;
  /** Gets the agent's answer, a text; what it returns replaces it, `undefined` keeps it. */
  readonly after?: (response: never, context: ToolContext) => unknown;
}

/** What a model is about to be told, as middleware sees it. */
export interface MessageContent {
  role: 'user';
  parts: MessagePart[];
}

export type MessagePart = { text: string } | { data: string; mime_type: string; name?: string };

/**
 * What tools and middleware know of the run. What they add is seen by those after them, fills `{name}` in the system
 * prompt, and is kept as the run's context.
 */
export interface ToolContext {
  readonly run_id: string;
  readonly agent_name: string;
  readonly connector_id: string | null;
  /** ISO 8601, the start of the run. */
  readonly timestamp: string;
  readonly payload: unknown;
  readonly log: ToolLog;
  /** Aborted when the run is cancelled or its agent's timeout passes: to be handed to `fetch` and the like. */
  readonly signal: AbortSignal;
  [key: string]: unknown;
}

/** Writes log lines into the run's trace, as `console` does. */
export interface ToolLog {
  debug(...message: unknown[]): void;
  info(...message: unknown[]): void;
  warn(...message: unknown[]): void;
  error(...message: unknown[]): void;
}
