import { jsonValue, Payload } from '../../core/json/json-value.ts';
import type { SequentialAgent } from '../agent-definition.ts';
import { AgentError } from './agent-error.ts';
import { withRetries } from './deadline.ts';
import { addedValues, applyAfter, applyBefore, hasBefore, payloadOfText } from './run-project-code.ts';
import type { AgentAnswer, Invocation } from './run-scope.ts';

/**
 * Runs agents in sequence: the first gets the payload, each further one the output of the previous one. What a step
 * adds to its context is available to the next. A step that a guardrail blocks is the last one: its rejection is no input
 * for others. Only the last step's text is streamed.
 *
 * @throws AgentError of the step that failed; RunCancelled, AgentError `timeout`
 */
export async function runSequentialAgent(invocation: Invocation<SequentialAgent>): Promise<AgentAnswer> {
  const { agent } = invocation;
  let payload = await firstPayload(invocation);
  let answer: AgentAnswer = { text: '', session: null };
  for (const [index, name] of agent.agents.entries()) {
    const position = { index, isFirst: index === 0, isLast: index === agent.agents.length - 1 };
    answer = await runStep(invocation, name, payload, position);
    if (answer.isBlocked) break;
    payload = payloadOfText(answer.text);
  }
  const isFinal = answer.isBlocked && agent.guardrails?.runAfterOnBlock === false;
  return isFinal ? answer : { ...answer, text: await applyAfter(invocation, answer.text) };
}

async function runStep(
  invocation: Invocation<SequentialAgent>,
  name: string,
  payload: Payload,
  position: { readonly index: number; readonly isFirst: boolean; readonly isLast: boolean },
): Promise<AgentAnswer> {
  const { run, agent, context } = invocation;
  const attributes = { 'agent.step': position.index + 1, 'agent.steps': agent.agents.length };
  const start = { kind: 'step', name: `step ${name}`, parent: invocation.span, attributes } as const;
  return run.trace.span(start, async (span) => {
    const step = {
      name,
      payload,
      modelInput: position.isFirst ? invocation.modelInput : null,
      loadSession: null,
      onText: position.isLast ? invocation.onText : undefined,
    };
    Object.assign(run.values, addedValues(context));
    let input = step;
    const answer = await withRetries(
      invocation,
      span,
      () => invocation.invoke(input, span),
      async () => {
        if (position.isFirst) input = { ...step, payload: await firstPayload(invocation) };
      },
    );
    Object.assign(context, run.values);
    return answer;
  });
}

/** The original payload; or the result of the middleware, with numbers as JavaScript holds them. */
async function firstPayload(invocation: Invocation<SequentialAgent>): Promise<Payload> {
  const { payload } = invocation;
  if (!hasBefore(invocation)) return payload;
  const content = jsonValue.safeParse(await applyBefore(invocation, payload.value));
  if (content.success) return Payload.of(content.data);
  throw new AgentError('middleware-error', 'The middleware "before" returned a value that is not JSON.');
}
