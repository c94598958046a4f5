import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { send, sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const json = { 'content-type': 'application/json' };

async function runCount(connectorId: string): Promise<number> {
  return (await operator.runs(`connector=${connectorId}`)).items.length;
}

describe('what senders send', () => {
  test('may be compressed, and is signed as it was sent', async () => {
    const signing_secret = 'a secret that was chosen at the sender';
    const config = { auth: { type: 'hmac', header: 'x-signature' }, signing_secret };
    const connector = await operator.createConnector({ mode: 'sync', agents: ['echo'], config });
    const body = Uint8Array.from(gzipSync('{"order": 1}'));
    const signature = createHmac('sha256', signing_secret).update(body).digest('hex');
    const headers = { ...json, 'content-encoding': 'gzip', 'x-signature': signature };
    const answer = await sendRaw(connector, { headers, body });
    expect(JSON.parse(wire.syncAnswer.parse(answer.json).result.output ?? '')).toEqual({ order: 1 });
  });

  test('may not grow beyond what the connector takes', async () => {
    const config = { max_body_bytes: 100_000 };
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'], config });
    const body = Uint8Array.from(gzipSync(Buffer.alloc(50_000_000, ' ')));
    expect(body.length).toBeLessThan(100_000);
    const headers = { ...json, 'content-encoding': 'gzip' };
    expect(await send(connector, { headers, body })).toMatchObject({ status: 413 });
    expect(await runCount(connector.id)).toBe(0);
  });

  test('may come with the secret as the password of Basic authentication', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const post = async (password: string) => {
      const headers = { ...json, authorization: `Basic ${btoa(`sender:${password}`)}` };
      return (await sendRaw(connector, { headers, body: '{}' })).status;
    };
    expect(await post(connector.secret)).toBe(200);
    expect(await post('wrong')).toBe(401);
    expect(await post('')).toBe(401);
  });
});

describe('a sender that looks first whether anybody is there', () => {
  test.each([
    ['HEAD', 200],
    ['OPTIONS', 204],
  ])('with %s is told so, and nothing else', async (method, status) => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const unknown = { url: connector.url?.replace(connector.id, crypto.randomUUID()) };
    for (const address of [connector, unknown]) {
      const answer = await sendRaw(address, { method });
      expect(answer).toMatchObject({ status, text: '' });
      expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await runCount(connector.id)).toBe(0);
  });
});

describe('a web page', () => {
  const page = {
    origin: 'https://app.example.com',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'cors',
  };

  test('of another site starts nothing at an open connector', async () => {
    const config = { auth: { type: 'none' } };
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'], config });
    expect(await sendRaw(connector, { headers: { ...page, ...json }, body: '{}' })).toMatchObject({
      status: 403,
      json: { code: 'origin-not-allowed' },
    });
    expect(await runCount(connector.id)).toBe(0);
    expect((await sendRaw(connector, { headers: json, body: '{}' })).status).toBe(200);
  });

  test('of a listed origin asks, calls and reads the answer', async () => {
    const config = { auth: { type: 'none' }, allowed_origins: [page.origin] };
    const connector = await operator.createConnector({ mode: 'sync', agents: ['echo'], config });
    const asking = {
      ...page,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const allowed = await sendRaw(connector, { method: 'OPTIONS', headers: asking });
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(page.origin);
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
    for (const accept of ['application/json', 'text/event-stream']) {
      const answer = await sendRaw(connector, { headers: { ...page, ...json, accept }, body: '{"a":1}' });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe(page.origin);
    }
    const other = { ...page, origin: 'https://evil.example' };
    const refused = await sendRaw(connector, { headers: { ...other, ...json }, body: '{}' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('a batch of CloudEvents starts runs for each of its events, once, and is answered as a whole', async () => {
  const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo', 'count'] });
  const about = { specversion: '1.0', source: '/shop', type: 'order.paid', time: new Date().toISOString() };
  const events = ['1', '2', '3'].map((id) => ({ ...about, id, data: { message: `order ${id}` } }));
  const post = {
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  };
  const first = await send(connector, post);
  const { run_ids: runIds } = wire.inboundAnswer.parse(first.json);
  expect(runIds).toHaveLength(6);
  const runs = await Promise.all(runIds.map((runId) => operator.ended(runId)));
  const seen = runs.map(({ agent_name, payload }) => [agent_name, payload]);
  expect(seen[0]).toEqual(['echo', { message: 'order 1', _cloudevent: { ...about, id: '1' } }]);
  expect(seen[5]).toEqual(['count', { message: 'order 3', _cloudevent: { ...about, id: '3' } }]);

  const again = await send(connector, post);
  expect(wire.inboundAnswer.parse(again.json).run_ids).toEqual(runIds);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await runCount(connector.id)).toBe(6);
});
