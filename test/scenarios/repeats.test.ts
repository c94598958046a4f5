import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sendJson, sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** In a deployment each starts a function of its own, which has half a minute to start and answer. */
const atOnce = 8;

async function expectSameRuns(connectorId: string, answers: Awaited<ReturnType<typeof sendJson>>[]) {
  const [first, ...repeats] = answers;
  expect(first?.headers.get('idempotent-replayed')).toBeNull();
  for (const repeat of repeats) {
    expect(repeat.status).toBe(200);
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    expect(repeat.json).toEqual(first?.json);
  }
  expect((await operator.runs(`connector=${connectorId}`)).items).toHaveLength(
    wire.inboundAnswer.parse(first?.json).dispatched_to,
  );
}

describe('the same trigger sent twice', () => {
  test('is one trigger by the header Idempotency-Key', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo', 'shout'] });
    const key = { 'idempotency-key': 'order-1' };
    const answers = [];
    for (let count = 0; count < 3; count++) answers.push(await sendJson(connector, { message: 'a' }, key));
    await expectSameRuns(connector.id, answers);
  });

  test('is one trigger even when both arrive at once', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const key = { 'idempotency-key': 'order-2' };
    const answers = await Promise.all(
      Array.from({ length: atOnce }, () => sendJson(connector, { n: 1 }, key)),
    );
    const runIds = answers.map((answer) => wire.inboundAnswer.parse(answer.json).run_ids[0]);
    expect(new Set(runIds).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotent-replayed') === 'true')).toHaveLength(
      atOnce - 1,
    );
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(1);
  });

  test('is one trigger by a header that the connector names', async () => {
    const config = { dedupe: { header: 'X-Order-Id' } };
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'], config });
    const key = { 'x-order-id': '4711' };
    await expectSameRuns(connector.id, [
      await sendJson(connector, { n: 1 }, key),
      await sendJson(connector, { n: 1 }, key),
    ]);
  });

  test('is one trigger by a path in the body that the connector names', async () => {
    const config = { dedupe: { body_path: 'order.id' } };
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'], config });
    await expectSameRuns(connector.id, [
      await sendJson(connector, { order: { id: 7 } }),
      await sendJson(connector, { order: { id: 7 } }),
    ]);
    const other = await sendJson(connector, { order: { id: 7 }, changed: true });
    expect(other.status).toBe(422);
    expect((await sendJson(connector, { order: { id: 8 } })).headers.get('idempotent-replayed')).toBeNull();
  });

  test('is one trigger by the token of Mailgun, though the body and all other ids are new', async () => {
    const signing_secret = 'a signing key of Mailgun';
    const config = { auth: { type: 'mailgun' }, signing_secret };
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'], config });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signed = (token: string) => ({
      timestamp,
      token,
      signature: createHmac('sha256', signing_secret).update(`${timestamp}${token}`).digest('hex'),
    });
    const post = (signature: object, id: string) =>
      sendRaw(connector, {
        headers: { 'content-type': 'application/json', 'idempotency-key': id },
        body: JSON.stringify({ signature, 'event-data': { id } }),
      });
    await expectSameRuns(connector.id, [
      await post(signed('token-1'), 'captured'),
      await post(signed('token-1'), 'captured'),
      await post(signed('token-1'), 'forged'),
    ]);
    expect((await post({ ...signed('token-1'), token: 'token-2' }, 'forged')).status).toBe(401);
    expect((await post(signed('token-2'), 'next')).headers.get('idempotent-replayed')).toBeNull();
  });

  test('is another trigger on another connector', async () => {
    const key = { 'idempotency-key': 'order-3' };
    const answers = [];
    for (let count = 0; count < 2; count++) {
      const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
      answers.push(wire.inboundAnswer.parse((await sendJson(connector, {}, key)).json).run_ids[0]);
    }
    expect(new Set(answers).size).toBe(2);
  });
});
