import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type Address, send } from './sender.ts';
import { useTargetWithModel } from './target-with-model.ts';
import * as wire from './wire.ts';

const startedRun = z.looseObject({ run_id: z.uuid() });

const model = useTargetWithModel(() => ({ text: 'Noted.' }));
const { target } = model;
const { operator } = target;

const sent = '{"id":9223372036854775807,"rate":1e400,"total":1.10,"message":"hello"}';

async function runIdOf(connector: Address, body: string): Promise<string> {
  const answer = await send(connector, { headers: { 'content-type': 'application/json' }, body });
  return wire.inboundAnswer.parse(answer.json).run_ids[0] ?? '';
}

/** The stored payload as the API shows it, before anybody has parsed it. */
async function shownPayload(runId: string): Promise<string> {
  const { text } = await operator.call('GET', `/runs/${runId}`);
  return /"payload":(\{.*?\}),"model_input"/s.exec(text)?.[1] ?? text;
}

describe('numbers that JavaScript cannot hold', () => {
  test('are shown as they were sent, and run again so', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const runId = await runIdOf(connector, sent);
    await operator.ended(runId);
    expect(await shownPayload(runId)).toBe(sent);
    const again = await operator.call('POST', `/runs/${runId}/run-again`);
    const { run_id } = startedRun.parse(again.json);
    await operator.ended(run_id);
    expect(await shownPayload(run_id)).toBe(sent);
  });

  test('are numbers to a tool, rounded as JavaScript rounds', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const run = await operator.ended(await runIdOf(connector, '{"id":9223372036854775807,"total":1.10}'));
    expect(run.output).toBe('{"id":9223372036854776000,"total":1.1}');
  });

  test('stay as they are when a run is started by hand', async () => {
    const headers = { authorization: `Bearer ${target.token}`, 'content-type': 'application/json' };
    const body = `{"payload": ${sent}}`;
    const url = `${target.baseUrl}/api/v1/agents/shout/runs`;
    const started = startedRun.parse(await (await fetch(url, { method: 'POST', headers, body })).json());
    await operator.ended(started.run_id);
    expect(await shownPayload(started.run_id)).toBe(sent);
  });

  test('tell two events apart that JavaScript takes for one', async () => {
    const connector = await operator.createConnector({
      mode: 'inbound',
      agents: ['shout'],
      config: { dedupe: { body_path: 'id' } },
    });
    const first = await runIdOf(connector, '{"id": 9007199254740992, "message": "one"}');
    const second = await runIdOf(connector, '{"id": 9007199254740993, "message": "two"}');
    expect(second).not.toBe(first);
    expect(await runIdOf(connector, '{"id":9007199254740993,"message":"two"}')).toBe(second);
  });

  test('reach a model with their digits', async () => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['chat'] });
    await send(connector, { headers: { 'content-type': 'application/json' }, body: sent });
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain(JSON.stringify(sent).slice(1, -1));
  });

  test('are keys of two conversations', async () => {
    const connector = await operator.createConnector({ mode: 'sync', agents: ['chat'] });
    const say = (body: string) => send(connector, { headers: { 'content-type': 'application/json' }, body });
    await say('{"conversation":9007199254740992,"message":"I am Ada."}');
    await say('{"conversation":9007199254740993,"message":"Who am I?"}');
    expect(JSON.stringify(model.requests.at(-1)?.body)).not.toContain('I am Ada.');
  });
});
