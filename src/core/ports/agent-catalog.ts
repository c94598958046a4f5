import type { JsonValue } from '../json/json-value.ts';

/** What dispatch, execution and operators need to know about an agent; the executor has its code. */
export interface AgentSummary {
  readonly name: string;
  readonly description: string | null;
  readonly type: 'llm' | 'sequential' | 'tool';
  /** `provider/model`; `null` if the agent itself calls none. */
  readonly model: string | null;
  readonly tools: readonly string[];
  /** The tools that the model finds by searching. */
  readonly discoverableTools: readonly string[];
  readonly mcpServers: readonly McpServerSummary[];
  /** The agents that a sequential agent runs, in order. */
  readonly steps: readonly string[];
  readonly timeoutSeconds: number;
  readonly maxConcurrentRuns: number | null;
  readonly concurrency: { readonly key: string; readonly onConflict: 'queue' | 'drop' } | null;
  /** `key`: a dot path that starts with `input.` (the payload) or `context.`. */
  readonly session: { readonly key: string; readonly ttlSeconds: number | null } | null;
  /** When the beginning of its conversation is replaced by a summary; `null` for never. */
  readonly compression: CompressionSummary | null;
  /** The agent's file, relative to the project folder. */
  readonly file: string;
  /** The files of code that run with the agent, relative to the project folder. */
  readonly code: readonly string[];
  /** JSON Schema that the payload of each run must fit; `null` if any may come. */
  readonly inputSchema: JsonValue | null;
  readonly outputSchema: JsonValue | null;
  /** A payload to try the agent with. */
  readonly samplePayload: JsonValue;
  /** What checks its input and its output, in order. */
  readonly guardrails: readonly AgentGuardrail[];
  /** What must be set before it can run, in one sentence; `null` if nothing is known to be missing. */
  readonly missingKey: string | null;
}

interface CompressionSummary {
  /** Makes the summary; `null` for the agent's own model. */
  readonly model: string | null;
  /** The estimated tokens above which a prompt is shortened. */
  readonly maxPromptTokens: number;
  readonly keepRecentMessages: number;
  /** `null` if earlier runs are not summarized before that. */
  readonly sessionHistory: { readonly interval: number; readonly keepRecentRuns: number } | null;
}

/** A server of the Model Context Protocol whose tools an agent can use. */
export interface McpServerSummary {
  readonly name: string;
  /** As in the agent's file, with variables in place of their values, and without the query. */
  readonly url: string;
  /** The tools that the agent can use, by name or with wildcards; `null` for all. */
  readonly tools: readonly string[] | null;
  /** Whether the model finds its tools by searching. */
  readonly discoverable: boolean;
}

export interface AgentGuardrail {
  readonly direction: 'input' | 'output';
  readonly type: string;
  readonly name: string;
  readonly mode: 'block' | 'warn' | 'redact';
}

/** A problem in the project. */
export interface ProjectProblem {
  /** Relative to the project folder. */
  readonly file: string;
  /** From 1; `null` if the problem has no position in the file. */
  readonly line: number | null;
  /** Dot path of the field; `null` for the file as a whole. */
  readonly field: string | null;
  /** What was expected, in one sentence. */
  readonly message: string;
}

/** The agents of the loaded project. */
export interface AgentCatalog {
  get(name: string): AgentSummary | null;
  /** By name. */
  list(): readonly AgentSummary[];
  /** Why a payload does not fit the agent's input schema, in one sentence without its full stop; `null` if it fits. */
  inputProblem(name: string, payload: JsonValue): Promise<string | null>;
  /** The models that agents call and that have no known price, by agent; agents whose models have one are left out. */
  unpricedModels(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Problems of the last reload during development; the agents from before it stay active. */
  problems(): readonly ProjectProblem[];
}
