import type { JsonObject } from '../core/json-value.ts';
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
  /** Gets the run's content before the agent; what it returns replaces it. */
  readonly before?: (content: unknown, context: ToolContext) => unknown;
  /** Gets the agent's answer; what it returns replaces it. */
  readonly after?: (response: unknown, context: ToolContext) => unknown;
}

/** What tools and middleware know of the run. What middleware adds is kept as the run's context. */
export interface ToolContext {
  readonly run_id: string;
  readonly agent_name: string;
  readonly connector_id: string | null;
  readonly payload: unknown;
  [key: string]: unknown;
}
