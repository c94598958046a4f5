import type { JsonObject, JsonValue } from '../core/json/json-value.ts';

/** Fields of every agent, with `_defaults.yaml` merged in and all references resolved. */
interface AgentBase {
  readonly name: string;
  readonly description: string | null;
  /** Relative to the project folder. */
  readonly file: string;
  readonly timeoutSeconds: number;
  readonly retry: RetryOptions;
  readonly maxConcurrentRuns: number | null;
  readonly concurrency: { readonly key: string; readonly onConflict: 'queue' | 'drop' } | null;
  /** Whether the project has a `middleware/<name>.ts`. */
  readonly hasMiddleware: boolean;
  /** Whether the project has a `hooks/<name>.ts`. */
  readonly hasHooks: boolean;
  /** A payload to try the agent with, from its file; `null` if the file has none. */
  readonly sample: JsonValue;
}

export interface RetryOptions {
  /** Total attempts, 1 to 10. */
  readonly attempts: number;
  readonly initialDelaySeconds: number;
  readonly maxDelaySeconds: number;
}

export interface LlmAgent extends AgentBase {
  readonly type: 'llm';
  /** `provider/model`. */
  readonly model: string;
  readonly fallbackModel: string | null;
  readonly systemPrompt: string;
  readonly temperature: number | null;
  readonly reasoningEffort: string | null;
  /** Tokens that one answer may have; `null`: as many as the provider allows. */
  readonly maxOutputTokens: number | null;
  readonly maxIterations: number;
  /** JSON Schema that the output must fit. */
  readonly outputSchema: JsonObject | null;
  /** Wildcards resolved; each tool at most once. */
  readonly tools: readonly AgentTool[];
  /** The tools that the model finds by searching, in the same form. None of them is in `tools`. */
  readonly discoverableTools: readonly AgentTool[];
  /** `key`: a dot path that starts with `input.` (the payload) or `context.`. */
  readonly session: { readonly key: string; readonly ttlSeconds: number | null } | null;
  readonly mcpServers: readonly McpServer[];
}

/** A server of the Model Context Protocol whose tools an agent can use. */
export interface McpServer {
  /** Its tools are named `<name>.<tool>`. */
  readonly name: string;
  /** May contain `${VARIABLE}`. */
  readonly url: string;
  /** By name; the texts may contain `${VARIABLE}` and `${context.path}`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The tools that the agent can use, by name or with wildcards; `null` for all. */
  readonly tools: readonly string[] | null;
  /** Whether the model finds its tools by searching. */
  readonly discoverable: boolean;
}

export interface AgentTool {
  /** `module.function`. */
  readonly name: string;
  /** The tool is available only while this holds; `null` means always. It parses: this was checked at load. */
  readonly condition: string | null;
}

export interface SequentialAgent extends AgentBase {
  readonly type: 'sequential';
  readonly agents: readonly string[];
}

export interface ToolAgent extends AgentBase {
  readonly type: 'tool';
  /** `module.function`. */
  readonly toolName: string;
}

/** A valid and complete agent of a project. Plain data: it crosses threads and is packed into Lambda bundles. */
export type AgentDefinition = LlmAgent | SequentialAgent | ToolAgent;
