import type { ModelMessage } from 'ai';
import type { LlmAgent } from '../agent-definition.ts';
import type { MessageContent } from '../agent-project.ts';
import { AgentError } from './agent-error.ts';
import { answerToolCalls } from './answer-tool-calls.ts';
import { AgentModels } from './ask-model.ts';
import { availableTools } from './available-tools.ts';
import { keepConversation } from './conversation.ts';
import { contentOfPayload, parseContent } from './model-input.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { applyAfter, applyBefore, visibleValues } from './run-project-code.ts';
import type { AgentAnswer, Invocation } from './run-scope.ts';
import { fitToSchema } from './schema-output.ts';
import { type SendTool, sendTools } from './send-messages.ts';
import { fillSystemPrompt } from './system-prompt.ts';
import { userMessage } from './user-message.ts';

/**
 * Runs an llm agent: asks its model and calls the tools that the model requests, until the model answers or
 * `max_iterations` model calls are used up.
 *
 * @throws AgentError `model-error`, `model-refused`, `output-truncated`, `output-invalid`, `tool-error`,
 *   `middleware-error`, `provider-key-missing`, `model-unknown`, `max-iterations`; RunCancelled, AgentError `timeout`;
 *   RetryableError if the conversation cannot be loaded
 */
export async function runLlmAgent(invocation: Invocation<LlmAgent>): Promise<AgentAnswer> {
  const { agent, payload, modelInput } = invocation;
  const sending = sendTools(invocation);
  // Awaited below, unless the run ends before that.
  sending.catch(() => undefined);
  const content = parseContent(await applyBefore(invocation, contentOfPayload(payload, modelInput)));
  const session = await openSession(invocation);
  const answer = await converse(invocation, content, session, await sending);
  const text = await applyAfter(invocation, answer.text);
  const { outputSchema } = agent;
  const isChanged = text !== answer.text && outputSchema !== null;
  const output = isChanged ? fitToSchema(text, outputSchema, 'What the middleware "after" returned') : text;
  return { text: output, session: answer.session };
}

async function converse(
  invocation: Invocation<LlmAgent>,
  content: MessageContent,
  session: OpenSession | null,
  sending: readonly SendTool[],
): Promise<AgentAnswer> {
  const { agent } = invocation;
  const models = new AgentModels(invocation);
  const earlier = session?.earlier ?? [];
  const written: ModelMessage[] = [];
  for (let iteration = 0; iteration < agent.maxIterations; iteration++) {
    const { tools, names } = availableTools(invocation, sending);
    const step = await models.ask(({ provider }) => {
      const question = userMessage(content, provider.readsTextFiles);
      return {
        systemPrompt: systemPromptOf(invocation),
        messages: [...earlier, question, ...written],
        tools,
      };
    });
    written.push(...step.messages);
    if (step.toolCalls.length === 0) {
      const messages = [...earlier, userMessage(content, true), ...written];
      const kept = session && { key: session.key, messages: keepConversation(messages) };
      return { text: step.text, session: kept };
    }
    const results = await answerToolCalls(invocation, step.toolCalls, names, sending);
    if (results !== null) written.push(results);
  }
  const times = agent.maxIterations === 1 ? 'one model call' : `${agent.maxIterations} model calls`;
  throw new AgentError(
    'max-iterations',
    `The agent "${agent.name}" had no answer after ${times} (max_iterations).`,
  );
}

/** Filled again for every call: tools may have changed the context. */
function systemPromptOf({ agent, context }: Invocation<LlmAgent>): string {
  return fillSystemPrompt(agent.systemPrompt, visibleValues(context));
}
