import { describe, expect, test } from '@jest/globals';
import { triggersOf } from './received.ts';
import { send, sendJson, sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;
const { trigger, refused } = triggersOf(operator);

describe('what came in', () => {
  test('is shown with its headers, sender, size and runs, and without credentials', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo', 'shout'] });
    const headers = { 'x-order': 'A-1', 'content-type': 'application/json' };
    const body = '{"message":"hello"}';
    const answer = await send(connector, { headers, body, query: '?from=shop' });
    const { run_ids: runIds } = wire.inboundAnswer.parse(answer.json);
    const { trigger_id: triggerId } = await operator.run(runIds[0] ?? '');
    const shown = await trigger(triggerId);
    expect(shown).toMatchObject({
      trigger_id: triggerId,
      connector_id: connector.id,
      payload: { message: 'hello' },
      request: {
        method: 'POST',
        query: 'from=shop',
        headers: { 'x-order': 'A-1', 'x-connic-secret': '[redacted]' },
        sender: expect.stringMatching(/[\d.:]/),
        body_bytes: body.length,
      },
      outcome: 'accepted',
      reason: null,
      run_ids: runIds,
      repeats: [],
    });
    expect(shown.runs.map(({ run_id }) => run_id)).toEqual(runIds);
    expect(JSON.stringify(shown)).not.toContain(connector.secret);
  });

  test('by a single run is found by its trigger as well', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const { run_ids: runIds } = wire.inboundAnswer.parse((await sendJson(connector, { n: 1 })).json);
    const { trigger_id: triggerId } = await operator.run(runIds[0] ?? '');
    expect(await trigger(triggerId)).toMatchObject({ runs: [{ run_id: runIds[0] }], payload: { n: 1 } });
  });

  test('of a run that was started by hand is no request', async () => {
    const runId = await operator.startRun('echo', { by: 'hand' });
    const { trigger_id: triggerId } = await operator.run(runId);
    expect(await trigger(triggerId)).toMatchObject({ request: null, payload: { by: 'hand' } });
    expect((await operator.call('GET', '/triggers/none')).status).toBe(404);
  });

  test('again is listed as a repeat', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo', 'shout'] });
    const first = await sendJson(connector, { n: 1 }, { 'idempotency-key': 'order-1' });
    const { run_ids: runIds } = wire.inboundAnswer.parse(first.json);
    await sendJson(connector, { n: 1 }, { 'idempotency-key': 'order-1' });
    const { trigger_id: triggerId } = await operator.run(runIds[0] ?? '');
    expect((await trigger(triggerId)).repeats).toMatchObject([{ reason: 'repeated', status: 200 }]);
  });
});

describe('a request that is refused', () => {
  test('is listed with its reason, newest first, and starts nothing', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    await sendRaw(connector, { headers: { 'x-connic-secret': 'wrong' }, body: '{}' });
    await send(connector, { headers: { 'content-type': 'image/png' }, body: 'x' });
    await send(connector, { headers: { 'content-type': 'application/json' }, body: '{"a":' });
    const listed = await refused(`?connector=${connector.id}`);
    expect(listed.map(({ reason, status }) => [reason, status])).toEqual([
      ['malformed', 400],
      ['unsupported-media-type', 415],
      ['unauthorized', 401],
    ]);
    // The sender is told nothing that would tell an existing connector from another.
    expect(listed[2]?.detail).toBe('The secret in the request is not the secret of this connector.');
    expect(listed[2]?.request.headers['x-connic-secret']).toBe('[redacted]');
    expect((await operator.runs(`connector=${connector.id}`)).items).toEqual([]);
  });

  test('by an id that no connector has is listed as well', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const unknownId = crypto.randomUUID();
    const url = connector.url?.replace(connector.id, unknownId);
    await sendJson({ url, secret: connector.secret }, {});
    expect(await refused('')).toContainEqual(
      expect.objectContaining({ called_id: unknownId, connector_id: null, reason: 'unknown-connector' }),
    );
  });

  test('again and again is listed some times a minute only', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    for (let n = 0; n < 12; n++) await send(connector, { method: 'PUT', body: '{}' });
    const listed = await refused(`?connector=${connector.id}`);
    expect(listed.length).toBeGreaterThan(0);
    expect(listed.length).toBeLessThan(12);
  });
});
