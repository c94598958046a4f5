import type { JsonValue } from '../json/json-value.ts';

/** What dispatch, execution and operators need to know of an agent; its code stays with the executor. */
export interface AgentSummary {
  readonly name: string;
  readonly description: string | null;
  readonly type: 'llm' | 'sequential' | 'tool';
  /** `provider/model`; `null` where the agent calls none itself. */
  readonly model: string | null;
  readonly tools: readonly string[];
  /** The agents that a sequential agent runs, in order. */
  readonly steps: readonly string[];
  readonly timeoutSeconds: number;
  readonly maxConcurrentRuns: number | null;
  readonly concurrency: { readonly key: string; readonly onConflict: 'queue' | 'drop' } | null;
  /** `key`: a dot path that starts with `input.` (the payload) or `context.`. */
  readonly session: { readonly key: string; readonly ttlSeconds: number | null } | null;
  /** The agent's file, relative to the project folder. */
  readonly file: string;
  readonly outputSchema: JsonValue | null;
  /** A payload to try the agent with. */
  readonly samplePayload: JsonValue;
  /** What has to be set before its model can be called, in one sentence; `null` where nothing is known to be missing. */
  readonly missingKey: string | null;
}

/** Something in the project that is wrong. */
export interface ProjectProblem {
  /** Relative to the project folder. */
  readonly file: string;
  /** From 1; `null` where the problem has no place in the file. */
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
  /** Problems of the last reload while developing; agents stay as they were before it. */
  problems(): readonly ProjectProblem[];
}
