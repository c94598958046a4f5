import type { JsonObject } from '../../core/json/json-value.ts';
import type { AgentDefinition, LlmAgent } from '../agent-definition.ts';
import { AgentModels } from './ask-model.ts';
import type { Invocation } from './run-scope.ts';
import type { OpenSpan } from './trace-recorder.ts';

/** A question to a model about an agent's work, beside its conversation. */
export interface AsideQuestion {
  /** `null` for the agent's own model and its fallback model. */
  readonly model: string | null;
  readonly systemPrompt: string;
  readonly text: string;
  /** JSON Schema that the answer must fit; `null` for text. */
  readonly outputSchema: JsonObject | null;
  readonly maxOutputTokens: number;
}

/** A failed call has no effects, so it is repeated even if the agent asks for no retries. */
const leastAttempts = 3;

/**
 * Asks a model aside. Its tokens and their cost are those of the run; the run's model is still that of the agent, and a
 * caller who reads along sees nothing of it.
 *
 * @throws as AgentModels.ask
 */
export async function askAside(
  invocation: Invocation,
  { systemPrompt, text, ...question }: AsideQuestion,
  span: OpenSpan,
): Promise<string> {
  const { run, agent } = invocation;
  const agentsModel = run.usage.model();
  try {
    const models = new AgentModels({
      ...invocation,
      agent: askerOf(agent, question),
      span,
      onText: undefined,
    });
    const step = await models.ask(() => ({
      systemPrompt,
      messages: [{ role: 'user', content: [{ type: 'text', text }] }],
      tools: {},
    }));
    return step.text;
  } finally {
    if (agentsModel !== null) run.usage.begin(agentsModel);
  }
}

/** An agent that only answers the question, with the limits of the agent for which it is asked. */
function askerOf(
  agent: AgentDefinition,
  { model, outputSchema, maxOutputTokens }: Pick<AsideQuestion, 'model' | 'outputSchema' | 'maxOutputTokens'>,
): LlmAgent {
  const own = agent.type === 'llm' ? agent : null;
  return {
    ...agent,
    type: 'llm',
    model: model ?? own?.model ?? '',
    fallbackModel: model === null ? (own?.fallbackModel ?? null) : null,
    retry: own?.retry ?? { ...agent.retry, attempts: Math.max(agent.retry.attempts, leastAttempts) },
    systemPrompt: '',
    temperature: null,
    reasoningEffort: null,
    maxOutputTokens,
    maxIterations: 1,
    outputSchema,
    tools: [],
    discoverableTools: [],
    mcpServers: [],
    session: null,
    compression: null,
  };
}
