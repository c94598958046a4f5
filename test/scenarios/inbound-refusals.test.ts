import { describe, expect, test } from '@jest/globals';
import type { Answer } from './operator.ts';
import { send, sendJson, sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const json = { 'content-type': 'application/json' };

function refusalOf(answer: Answer) {
  return { status: answer.status, ...wire.refusal.strict().parse(answer.json) };
}

async function inbound(config: Record<string, unknown> = {}, agents = ['echo']) {
  return operator.createConnector({ mode: 'inbound', agents, config });
}

/** Nothing came of what was refused. */
async function expectNoRuns(connectorId: string) {
  expect((await operator.runs(`connector=${connectorId}`)).items).toEqual([]);
}

describe('a webhook refuses with one clear sentence', () => {
  test.each([
    ['JSON that breaks off', json, '{"a":'],
    ['JSON that is empty', json, ''],
    ['JSON that is no UTF-8', json, new Uint8Array([0x22, 0xff, 0x22])],
    ['a multipart form without a boundary', { 'content-type': 'multipart/form-data' }, 'x'],
    [
      'a multipart form that breaks off',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\nContent-Disp',
    ],
  ])('400 %s', async (_title, headers, body) => {
    const connector = await inbound();
    const answer = await send(connector, { headers, body });
    expect(refusalOf(answer)).toMatchObject({ status: 400, code: 'malformed' });
    await expectNoRuns(connector.id);
  });

  test('401 an unknown connector, exactly as a wrong secret: probing finds no connector', async () => {
    const connector = await inbound();
    const [, missing = ''] = /(.*\/)[^/]+$/.exec(connector.url ?? '') ?? [];
    const wrong = await sendRaw(connector, { headers: { ...json, 'x-connic-secret': 'wrong' }, body: '{}' });
    const none = await sendRaw(connector, { headers: json, body: '{}' });
    const unknown = await sendJson(
      { url: `${missing}0b7f8f0e-6d0c-4f1e-9a57-3f1f6f1a2b3c`, secret: connector.secret },
      {},
    );
    expect(refusalOf(wrong)).toMatchObject({ status: 401 });
    expect(none.text).toBe(wrong.text);
    expect(none.status).toBe(401);
    expect(unknown.status).toBe(401);
    expect(unknown.text).toBe(wrong.text);
    const names = (answer: typeof wrong) => [...answer.headers.keys()].filter((name) => name !== 'date');
    expect(names(unknown)).toEqual(names(wrong));
    await expectNoRuns(connector.id);
  });

  test('401 an inbound connector at the address of sync ones', async () => {
    const connector = await inbound();
    const answer = await sendJson({ url: `${connector.url}/sync`, secret: connector.secret }, {});
    expect(refusalOf(answer).status).toBe(401);
    await expectNoRuns(connector.id);
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('405 %s', async (method) => {
    const connector = await inbound();
    const answer = await send(connector, { method });
    expect(refusalOf(answer)).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(answer.headers.get('allow')).toMatch(/GET.*POST|POST.*GET/);
  });

  test('409 a connector whose links are all gone', async () => {
    const connector = await inbound();
    await operator.unlink(connector.id, 'echo');
    const answer = await sendJson(connector, {});
    expect(refusalOf(answer)).toMatchObject({ status: 409, code: 'no-linked-agents' });
  });

  test('413 a body that is too large', async () => {
    const connector = await inbound({ max_body_bytes: 2_048 });
    const fits = await send(connector, { headers: json, body: JSON.stringify('x'.repeat(2_046)) });
    const answer = await send(connector, { headers: json, body: JSON.stringify('x'.repeat(2_047)) });
    expect(fits.status).toBe(200);
    expect(refusalOf(answer)).toMatchObject({ status: 413, code: 'too-large' });
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(1);
  });

  test('415 a body that is not text, no form and no JSON', async () => {
    const connector = await inbound();
    const body = new Uint8Array([0x00, 0xff, 0xfe, 0x01]);
    const answer = await send(connector, { headers: { 'content-type': 'application/octet-stream' }, body });
    expect(refusalOf(answer)).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    await expectNoRuns(connector.id);
  });

  test('422 an idempotency key that was used for something else', async () => {
    const connector = await inbound();
    const first = await sendJson(connector, { order: 1 }, { 'idempotency-key': 'one' });
    const second = await sendJson(connector, { order: 2 }, { 'idempotency-key': 'one' });
    expect(first.status).toBe(200);
    expect(refusalOf(second)).toMatchObject({ status: 422, code: 'idempotency-mismatch' });
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(1);
  });

  test('423 a connector that is disabled, until it is enabled again', async () => {
    const connector = await inbound();
    expect((await operator.change(connector.id, { enabled: false })).enabled).toBe(false);
    expect(refusalOf(await sendJson(connector, {}))).toMatchObject({
      status: 423,
      code: 'connector-disabled',
    });
    await expectNoRuns(connector.id);
    await operator.change(connector.id, { enabled: true });
    expect((await sendJson(connector, {})).status).toBe(200);
  });

  test('429 more than the rate that the connector is configured for, and says when to come again', async () => {
    const connector = await inbound({ rate_limit: { requests: 2, per_seconds: 600 } });
    const answers = [];
    for (let count = 0; count < 3; count++) answers.push(await sendJson(connector, { count }));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    const [, , last] = answers;
    expect(last && refusalOf(last)).toMatchObject({ code: 'rate-limited' });
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(2);
  });

  test('a wrong secret is told before anything else is read or counted', async () => {
    const connector = await inbound({ rate_limit: { requests: 1, per_seconds: 600 } });
    for (let count = 0; count < 3; count++) {
      const answer = await sendRaw(connector, { headers: { ...json, 'x-connic-secret': 'no' }, body: '{' });
      expect(answer.status).toBe(401);
    }
    expect((await sendJson(connector, {})).status).toBe(200);
  });
});
