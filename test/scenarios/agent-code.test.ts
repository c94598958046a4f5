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
