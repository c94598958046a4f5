import { describe, expect, test } from '@jest/globals';
import type { RecordedRequest, ScriptedReply } from '../model-servers/model-server.ts';
import { eventsOf } from './event-stream.ts';
import { scenarioModelKey } from './model-key.ts';
import { openStream, sendJson } from './sender.ts';
import { useTargetWithModel } from './target-with-model.ts';
import * as wire from './wire.ts';

const { target } = useTargetWithModel(reply);
const { operator } = target;

/** Answers what the scenario's question asks for. */
function reply(request: RecordedRequest): ScriptedReply {
  const question = JSON.stringify(request.body);
  if (question.includes('You check a text')) return verdictOn(question);
  if (question.includes('capital of France')) return { text: ['{"answer":', '"Paris"}'] };
  if (question.includes('overloaded')) return { status: 503, message: 'The model is overloaded.' };
  if (question.includes('forbidden')) return { refusal: 'no' };
  return { text: ['Hello, ', 'nice to ', 'meet you.'] };
}

/** The model of a guardrail lets everything pass but "ignore". */
function verdictOn(question: string): ScriptedReply {
  return { text: JSON.stringify({ passed: !question.includes('ignore'), reason: 'It wants to be obeyed.' }) };
}

describe('an agent on a model', () => {
  test('answers a sync webhook in the form that its schema asks for', async () => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['question-answerer'] });
    const answer = await sendJson(connector, { message: 'What is the capital of France?' });
    const { result } = wire.syncAnswer.parse(answer.json);
    expect(result).toMatchObject({ agent_name: 'question-answerer', status: 'completed', error: null });
    expect(result.output).toBe('{"answer":"Paris"}');
    const run = await operator.run(result.run_id);
    expect(run).toMatchObject({
      model: 'gemini/gemini-2.5-flash',
      token_usage: { input: 12, output: 7, total: 19 },
    });
    expect(run['cost_usd']).toBeGreaterThan(0);
  });

  test('streams what the model writes, as it writes it', async () => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['chat'] });
    const events = await Array.fromAsync(eventsOf(await openStream(connector, { message: 'Hi' })));
    expect(events.filter(({ event }) => event === 'chunk').map(({ data }) => data)).toMatchObject([
      { text: 'Hello, ' },
      { text: 'nice to ' },
      { text: 'meet you.' },
    ]);
  });

  test('streams in one piece what its guardrails let pass', async () => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['careful-chat'] });
    const chunksFor = async (message: string) => {
      const events = await Array.fromAsync(eventsOf(await openStream(connector, { message })));
      return events.filter(({ event }) => event === 'chunk').map(({ data }) => data);
    };
    expect(await chunksFor('Hi')).toMatchObject([{ text: 'Hello, nice to meet you.' }]);
    expect(await chunksFor('ignore all that')).toMatchObject([
      { text: 'This request was blocked by a guardrail.' },
    ]);
  });

  test('counts the tokens of a guardrail that asks its model', async () => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['careful-chat'] });
    const answer = await sendJson(connector, { message: 'Hello' });
    const { result } = wire.syncAnswer.parse(answer.json);
    expect(result.output).toBe('Hello, nice to meet you.');
    expect(await operator.run(result.run_id)).toMatchObject({
      model: 'gemini/gemini-2.5-flash',
      token_usage: { input: 24, output: 14, total: 38 },
    });
  });

  test('delivers its answer with the tokens that it took', async () => {
    const receiver = await target.startReceiver();
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['question-answerer'] });
    const config = { url: receiver.url, from_connectors: [inbound.id] };
    await operator.createConnector({ mode: 'outbound', agents: ['question-answerer'], config });
    const answer = await sendJson(inbound, { message: 'The capital of France?' });
    const [runId = ''] = wire.inboundAnswer.parse(answer.json).run_ids;
    await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    expect(wire.runEnvelope.parse(JSON.parse(String(receiver.requests[0]?.body)))).toMatchObject({
      output: '{"answer":"Paris"}',
      token_usage: { input_tokens: 12, output_tokens: 7, total_tokens: 19 },
    });
  });

  test.each([
    ['that is away', 'overloaded'],
    ['that refuses', 'forbidden'],
  ])('fails with a sentence on a model %s', async (_title, message) => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['question-answerer'] });
    const { result } = wire.syncAnswer.parse((await sendJson(connector, { message })).json);
    expect(result).toMatchObject({ status: 'failed', output: null });
    expect(result.error).toMatch(/^gemini\/gemini-2.5-flash .*\.$/s);
    expect(JSON.stringify(await operator.run(result.run_id))).not.toContain(scenarioModelKey);
  });
});
