import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { firstRequest, makeFlow, trigger } from './flow.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** Calls an agent through a new sync connector, and returns its run. */
async function ask(agent: string, payload: object) {
  const connector = await operator.createConnector({ mode: 'sync', agents: [agent] });
  const { result } = wire.syncAnswer.parse((await sendJson(connector, payload)).json);
  return traced.parse(await operator.run(result.run_id));
}

function guardrailsOf({ spans }: z.infer<typeof traced>) {
  return spans
    .filter(({ kind }) => kind === 'guardrail')
    .map(({ attributes }) => `${attributes['guardrail.name']}: ${attributes['guardrail.status']}`);
}

const traced = z.looseObject({
  status: z.string(),
  output: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  warnings: z.array(z.string()),
  spans: z.array(z.looseObject({ kind: z.string(), name: z.string(), attributes: z.looseObject({}) })),
});

describe('hooks of an agent', () => {
  test('change the arguments and the result of its tool, and the trace shows both', async () => {
    const { output, spans } = await ask('watched-shout', { message: 'hello' });
    expect(output).toBe('HELLO! (seen)');
    expect(spans.filter(({ kind }) => kind === 'hook').map(({ name }) => name)).toEqual([
      'before text.shout',
      'after text.shout',
    ]);
    expect(spans.find(({ kind }) => kind === 'tool')?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': '{"message":"hello!"}',
    });
  });

  test('can skip a call, and say what its result is', async () => {
    const { output, spans } = await ask('watched-shout', { message: 'secret' });
    expect(output).toBe('text.shout was not called');
    expect(spans.find(({ kind }) => kind === 'tool')?.attributes).toMatchObject({
      'tool.call.skipped': true,
    });
  });
});

describe('StopProcessing', () => {
  test('ends a run as completed with its response, which is delivered', async () => {
    const { receiver, inbound } = await makeFlow(target, { agent: 'stopping-shout' });
    const runId = await trigger(inbound, { message: 'stop' });
    expect((await firstRequest(receiver)).body.toString()).toContain('{\\"stopped\\":true}');
    const run = await operator.run(runId);
    expect(run).toMatchObject({ status: 'completed', output: '{"stopped":true}' });
    expect(unpublished.parse(run).publish_outbound).toBe(true);
  });

  test('can keep its response from being delivered, which the run says', async () => {
    const { receiver, inbound } = await makeFlow(target, { agent: 'stopping-shout' });
    const quiet = await operator.ended(await trigger(inbound, { message: 'stop quietly' }));
    expect(quiet).toMatchObject({ status: 'completed', output: 'quiet', deliveries: [] });
    expect(unpublished.parse(quiet).publish_outbound).toBe(false);
    await trigger(inbound, { message: 'then this' });
    const { body } = await firstRequest(receiver);
    expect(body.toString()).toContain('THEN THIS');
    expect((await operator.run(quiet.run_id)).deliveries).toEqual([]);
  });
});

const unpublished = z.looseObject({ publish_outbound: z.boolean() });

describe('guardrails of an agent', () => {
  test('redact the input, warn about it, and let the answer pass; the trace shows each', async () => {
    const run = await ask('guarded-shout', { message: 'Please write to ada@example.com' });
    expect(run.output).toBe('PLEASE WRITE TO [EMAIL_REDACTED]');
    expect(guardrailsOf(run)).toEqual([
      'pii: redacted',
      'short: passed',
      'regex: warned',
      'no-secrets: passed',
    ]);
    expect(run.warnings).toEqual([expect.stringContaining('"regex" let the input pass with a warning')]);
    expect(JSON.stringify(run.spans)).not.toContain('ada@example.com');
  });

  test('answer for the agent what the code of the project says', async () => {
    const run = await ask('guarded-shout', { message: 'a'.repeat(50) });
    expect(run).toMatchObject({ status: 'completed', output: 'guarded-shout takes 40 letters.' });
    expect(guardrailsOf(run)).toEqual(['pii: passed', 'short: blocked']);
    expect(run.warnings).toEqual([
      'The guardrail "short" blocked the input: guarded-shout takes 40 letters.',
    ]);
  });

  test('fail the run where they are told to', async () => {
    const run = await ask('guarded-shout', { message: 'secret' });
    expect(run).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'guardrail-blocked', message: 'Not that.' },
    });
  });
});

describe('an agent with an input schema', () => {
  const detail =
    'The payload does not fit the input schema of the agent "ordered": it must have required property \'order_id\'.';

  test('gets what fits, and a webhook refuses the rest with 422: no agent of the connector is started', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout', 'ordered'] });
    const refused = await sendJson(connector, { message: 'hello' });
    expect(refused.status).toBe(422);
    expect(JSON.parse(refused.text)).toEqual({ detail, code: 'input-invalid' });
    const accepted = await sendJson(connector, { message: 'hello', order_id: 'A-1' });
    const { run_ids: ids } = wire.inboundAnswer.parse(accepted.json);
    expect(ids).toHaveLength(2);
    const listed = await operator.call('GET', `/runs?connector=${connector.id}`);
    expect(
      runIds
        .parse(listed.json)
        .items.map(({ run_id: id }) => id)
        .sort(),
    ).toEqual([...ids].sort());
  });

  test('is not started by hand with anything else either, and its sample fits', async () => {
    const refused = await operator.call('POST', '/agents/ordered/runs', { payload: { order_id: 7 } });
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({
      code: 'input-invalid',
      detail: 'The payload does not fit the input schema of the agent "ordered": "order_id" must be string.',
    });
    const { sample_payload: sample } = described.parse((await operator.call('GET', '/agents/ordered')).json);
    const started = await operator.call('POST', '/agents/ordered/runs', { payload: sample });
    expect(started.status).toBe(202);
  });

  test('tells an agent that triggers it what does not fit', async () => {
    const call = { agent_name: 'ordered', payload: { message: 'hello' } };
    const run = await operator.ended(
      await operator.startRun('dispatcher', { message: `call trigger_agent ${JSON.stringify(call)}` }),
    );
    expect(run.output).toContain('does not fit the input schema of the agent');
  });
});

const runIds = z.looseObject({ items: z.array(z.looseObject({ run_id: z.string() })) });
const described = z.looseObject({ sample_payload: z.looseObject({}) });
