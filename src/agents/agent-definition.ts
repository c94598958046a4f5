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
  /** JSON Schema that the payload of each run must fit; `null` if any may come. */
  readonly inputSchema: JsonObject | null;
  /** A payload to try the agent with, from its file; `null` if the file has none. */
  readonly sample: JsonValue;
  /** Checks of what goes in and what comes out; `null` if it has none. */
  readonly guardrails: Guardrails | null;
}

export interface Guardrails {
  /** In order, before the middleware. */
  readonly input: readonly Guardrail[];
  /** In order, after the middleware. */
  readonly output: readonly Guardrail[];
  /** Whether the middleware `after` gets the rejection message of a blocked input. */
  readonly runAfterOnBlock: boolean;
}

/** A check, and what happens to a text that does not pass it. */
export type Guardrail = GuardrailRule & GuardrailCheck;

interface GuardrailRule {
  /** A custom guardrail has the name of its file; others are named after their type unless their author named them. */
  readonly name: string;
  readonly mode: 'block' | 'warn' | 'redact';
  /** What the caller gets instead of an answer; `null` for the usual sentence. */
  readonly rejectionMessage: string | null;
  /** Whether a blocked run is failed, instead of completed with the rejection message. */
  readonly failRun: boolean;
}

export type GuardrailCheck =
  | { readonly type: 'regex'; readonly patterns: readonly GuardrailPattern[] }
  | { readonly type: 'pii' | 'pii_leakage'; readonly entities: readonly PersonalEntity[] }
  /** `similarityThreshold`: the share of a passage of the prompt that an answer may not repeat, 0 to 1. */
  | { readonly type: 'system_prompt_leakage'; readonly similarityThreshold: number }
  | { readonly type: 'data_exfiltration'; readonly allowedDomains: readonly string[] }
  | ModelGuardrailCheck
  /** The check of a file in `guardrails/`. */
  | { readonly type: 'custom' };

/** A check by a model; `model` is `null` for that of the agent. */
export type ModelGuardrailCheck = { readonly model: string | null } & (
  | { readonly type: 'prompt_injection'; readonly sensitivity: 'low' | 'medium' | 'high' }
  | { readonly type: 'moderation'; readonly categories: readonly string[] }
  | {
      readonly type: 'topic_restriction';
      readonly allowedTopics: readonly string[];
      readonly blockedTopics: readonly string[];
    }
  /** `context`: what else counts as relevant. */
  | { readonly type: 'relevance'; readonly context: string | null }
);

/** A regular expression in JavaScript's syntax; `message` overrides the rejection message. */
export interface GuardrailPattern {
  readonly pattern: string;
  readonly flags: string;
  readonly message: string | null;
}

/** What the guardrails `pii` and `pii_leakage` can find. */
export const personalEntities = [
  'email',
  'phone',
  'ssn',
  'credit_card',
  'iban',
  'ip_address',
  'api_key',
] as const;
export type PersonalEntity = (typeof personalEntities)[number];

export interface RetryOptions {
  /** Total attempts, 1 to 10. */
  readonly attempts: number;
  readonly initialDelaySeconds: number;
  readonly maxDelaySeconds: number;
  /** The middleware `before` runs before every attempt; absent: it runs once. */
  readonly rerunMiddleware?: true;
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
  /** How long conversations are shortened; `null` if they are not. */
  readonly compression: Compression | null;
}

/** When the beginning of a conversation is replaced by a summary. */
export interface Compression {
  /** Makes the summary; `null` for the agent's own. */
  readonly model: string | null;
  /** The estimated tokens above which a prompt is shortened. */
  readonly maxPromptTokens: number;
  /** Calls, results, and messages that stay as they are. */
  readonly keepRecentMessages: number;
  /** `null` if earlier runs are not summarized before that. */
  readonly sessionHistory: SessionHistory | null;
}

interface SessionHistory {
  /** After how many further runs of a conversation the older ones are summarized. */
  readonly interval: number;
  readonly keepRecentRuns: number;
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

/**
 * The models that an agent calls itself: its own, its fallback model, the one that shortens its conversations, and those
 * of its guardrails.
 */
export function modelsOf(agent: AgentDefinition): readonly string[] {
  const own =
    agent.type === 'llm' ? [agent.model, agent.fallbackModel, agent.compression?.model ?? null] : [];
  const { input = [], output = [] } = agent.guardrails ?? {};
  const checking = [...input, ...output].map((guardrail) => ('model' in guardrail ? guardrail.model : null));
  return [...new Set([...own, ...checking].filter((model) => model !== null))];
}

/** A valid and complete agent of a project. Plain data: it crosses threads and is packed into Lambda bundles. */
export type AgentDefinition = LlmAgent | SequentialAgent | ToolAgent;
