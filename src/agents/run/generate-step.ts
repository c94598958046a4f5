import {
  type CallWarning,
  type FinishReason,
  generateText,
  type LanguageModelUsage,
  type ModelMessage,
  type StepResult,
  streamText,
  type ToolSet,
  type TypedToolCall,
} from 'ai';
import * as z from 'zod';
import type { TokenUsage } from '../../core/runs/run.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { Invocation } from './run-scope.ts';
import { schemaOutput } from './schema-output.ts';

/** The prompt of one model call. */
export interface ModelPrompt {
  readonly systemPrompt: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: ToolSet;
}

/** One answer of a model: its text, or the tools that it calls. */
export interface GeneratedStep {
  readonly text: string;
  readonly toolCalls: readonly TypedToolCall<ToolSet>[];
  /** The answer as messages of the conversation, including the errors of calls that do not fit their tool. */
  readonly messages: readonly ModelMessage[];
  readonly usage: TokenUsage;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | undefined;
  readonly responseModel: string;
  readonly responseId: string;
  /** One sentence each. */
  readonly warnings: readonly string[];
}

/** Warnings are kept with the run (`GeneratedStep.warnings`) instead of being printed. */
globalThis.AI_SDK_LOG_WARNINGS = false;

const reasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

/**
 * Generates one step: streamed if a caller reads the text, in one piece otherwise. Tries once.
 *
 * @throws errors of the AI SDK for a failed call or an unreadable answer
 */
export function generateStep(
  invocation: Invocation<LlmAgent>,
  resolved: ResolvedModel,
  prompt: ModelPrompt,
): Promise<GeneratedStep> {
  const options = callOptions(invocation, resolved, prompt);
  const { onText } = invocation;
  return onText === undefined ? generate(options) : stream(options, onText);
}

function callOptions({ agent, signal }: Invocation<LlmAgent>, resolved: ResolvedModel, prompt: ModelPrompt) {
  const reasoning = reasoningEffort.safeParse(agent.reasoningEffort);
  return {
    model: resolved.model,
    messages: [...prompt.messages],
    maxRetries: 0,
    abortSignal: signal,
    providerOptions: resolved.providerOptions,
    ...(prompt.systemPrompt === '' ? {} : { instructions: prompt.systemPrompt }),
    ...(Object.keys(prompt.tools).length === 0 ? {} : { tools: prompt.tools }),
    ...(agent.temperature === null ? {} : { temperature: agent.temperature }),
    ...(agent.maxOutputTokens === null ? {} : { maxOutputTokens: agent.maxOutputTokens }),
    ...(reasoning.success ? { reasoning: reasoning.data } : {}),
    ...(agent.outputSchema === null ? {} : { output: schemaOutput(agent.outputSchema) }),
  };
}

type CallOptions = ReturnType<typeof callOptions>;

async function generate(options: CallOptions): Promise<GeneratedStep> {
  const result = await generateText(options);
  const { finalStep } = result;
  const text = finalStep.finishReason === 'stop' ? result.output : finalStep.text;
  return generatedStep(finalStep, text, result.responseMessages);
}

async function stream(options: CallOptions, onText: (text: string) => void): Promise<GeneratedStep> {
  const result = streamText({ ...options, onError: () => undefined });
  for await (const part of result.stream) {
    if (part.type === 'text-delta') onText(part.text);
    if (part.type === 'error') throw part.error;
  }
  const finalStep = await result.finalStep;
  const text = finalStep.finishReason === 'stop' ? await result.output : finalStep.text;
  return generatedStep(finalStep, text, await result.responseMessages);
}

function generatedStep(step: StepResult<ToolSet>, text: string, messages: ModelMessage[]): GeneratedStep {
  return {
    text,
    messages,
    toolCalls: step.toolCalls,
    usage: tokenUsage(step.usage),
    finishReason: step.finishReason,
    rawFinishReason: step.rawFinishReason,
    responseModel: step.response.modelId,
    responseId: step.response.id,
    warnings: (step.warnings ?? []).map((warning) => sentenceOf(warning, step.model.modelId)),
  };
}

function tokenUsage(usage: LanguageModelUsage): TokenUsage {
  const input = usage.inputTokens ?? 0;
  const output = usage.outputTokens ?? 0;
  return {
    input,
    output,
    total: usage.totalTokens ?? input + output,
    cached: usage.inputTokenDetails.cacheReadTokens ?? 0,
    reasoning: usage.outputTokenDetails.reasoningTokens ?? 0,
  };
}

function sentenceOf(warning: CallWarning, modelId: string): string {
  switch (warning.type) {
    case 'unsupported':
      return `${modelId} does not support ${warning.feature}. ${warning.details ?? ''}`.trim();
    case 'compatibility':
      return `${modelId} supports ${warning.feature} only in part. ${warning.details ?? ''}`.trim();
    case 'deprecated':
      return `${modelId}: ${warning.setting} is deprecated. ${warning.message}`;
    case 'other':
      return warning.message;
  }
}
