import type { JsonObject } from '../../core/json/json-value.ts';
import type { TokenUsage } from '../../core/runs/run.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import { budgetedCall } from './budgeted-call.ts';
import { abortable } from './deadline.ts';
import { type GeneratedStep, generateStep, type ModelPrompt } from './generate-step.ts';
import { answeredAttributes, askedAttributes } from './message-attributes.ts';
import { checkFinish, modelFailure } from './model-failure.ts';
import { costOf } from './prices.ts';
import type { Invocation } from './run-scope.ts';
import type { OpenSpan } from './trace-recorder.ts';

/**
 * Calls a model once, as one span, and records its tokens and their cost even if the answer is not usable.
 *
 * @param shown number of the prompt's messages that earlier spans of the agent show
 * @throws AgentError `model-error`, `model-refused`, `output-truncated`, `budget-exceeded`, `price-unknown`; RunHeld,
 *   RunCancelled, AgentError `timeout`
 */
export async function callModel(
  invocation: Invocation<LlmAgent>,
  resolved: ResolvedModel,
  prompt: ModelPrompt,
  parent: OpenSpan,
  shown = 0,
): Promise<GeneratedStep> {
  const { run, agent } = invocation;
  run.usage.begin(resolved.name);
  const attributes = {
    ...requestAttributes(agent, resolved),
    ...(await askedAttributes(run.trace.content, agent, prompt, shown)),
  };
  const start = { kind: 'model', name: `chat ${resolved.modelId}`, parent, attributes } as const;
  return budgetedCall(invocation, resolved, prompt, (onUsed) =>
    run.trace.span(start, async (span) => {
      const step = await generated(invocation, resolved, prompt);
      const costUsd = await costOf(run, resolved, step.usage);
      run.usage.add(step.usage, costUsd);
      onUsed({ tokens: step.usage.total, usd: costUsd });
      for (const warning of step.warnings) run.warnings.add(warning);
      span.set({ ...responseAttributes(step), ...answeredAttributes(run.trace.content, step) });
      checkFinish(resolved.name, step.finishReason, step.rawFinishReason);
      return step;
    }),
  );
}

async function generated(
  invocation: Invocation<LlmAgent>,
  resolved: ResolvedModel,
  prompt: ModelPrompt,
): Promise<GeneratedStep> {
  const { run, signal } = invocation;
  try {
    return await abortable(generateStep(invocation, resolved, prompt), signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    throw modelFailure(thrown, resolved.name, run.trace.redactor);
  }
}

function requestAttributes(agent: LlmAgent, { modelId, provider }: ResolvedModel): JsonObject {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider.telemetryName,
    'gen_ai.request.model': modelId,
    ...(agent.temperature === null ? {} : { 'gen_ai.request.temperature': agent.temperature }),
    'gen_ai.output.type': agent.outputSchema === null ? 'text' : 'json',
  };
}

function responseAttributes({ usage, finishReason, responseModel, responseId }: GeneratedStep): JsonObject {
  return {
    'gen_ai.response.finish_reasons': [finishReason],
    'gen_ai.response.model': responseModel,
    'gen_ai.response.id': responseId,
    ...usageAttributes(usage),
  };
}

function usageAttributes(usage: TokenUsage): JsonObject {
  return {
    'gen_ai.usage.input_tokens': usage.input,
    'gen_ai.usage.output_tokens': usage.output,
    'gen_ai.usage.cache_read.input_tokens': usage.cached,
    'gen_ai.usage.reasoning.output_tokens': usage.reasoning,
  };
}
