import { request } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { send, sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;
const json = { 'content-type': 'application/json' };

/** JSON with that many keys, none twice. */
const withKeys = (count: number) =>
  Buffer.from(`{${Array.from({ length: count }, (_, index) => `"key-${index}":${index}`).join()}}`);

describe('a body with more keys than its connector takes', () => {
  test('is refused with the place of the first one too many', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const answer = await send(connector, { headers: json, body: withKeys(1_000_000) });
    expect(answer).toMatchObject({ status: 413 });
    expect(wire.refusal.parse(answer.json)).toMatchObject({
      code: 'too-large',
      detail: expect.stringMatching(/more than 100000 keys and list entries \(line 1 column \d+\)/),
    });
  });
});

describe('while a million keys are read', () => {
  test('others are answered', async () => {
    const [hostile, neighbour] = await Promise.all([
      operator.createConnector({ mode: 'inbound', agents: ['shout'], config: { max_keys: 2_000_000 } }),
      operator.createConnector({ mode: 'inbound', agents: ['shout'] }),
    ]);
    await sendJson(neighbour, { message: 'warm' });
    const events: string[] = [];
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...json, 'x-connic-secret': hostile.secret };
      const sending = request(hostile.url ?? '', { method: 'POST', headers });
      sending.on('error', reject).on('response', (response) => {
        events.push('hostile');
        resolve(response.resume().statusCode);
      });
      // The server has all of it, but for what the sockets hold.
      sending.on('finish', async () => {
        while (events.length < 10) {
          expect(await sendJson(neighbour, { message: 'hello' })).toMatchObject({ status: 200 });
          events.push('neighbour');
        }
      });
      sending.end(withKeys(1_000_000));
    });
    expect(status).toBe(200);
    expect(events.slice(0, 5)).toEqual(Array(5).fill('neighbour'));
  });
});
