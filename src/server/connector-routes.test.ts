import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { openSocket } from '../../test/bare-socket.ts';
import { startReceiver } from '../../test/receivers/recording-receiver.ts';
import { type Connector, type RunningProduct, runProduct } from '../../test/running-product.ts';
import { eventsOf } from '../../test/scenarios/event-stream.ts';
import { eventually } from '../../test/scenarios/eventually.ts';
import { openStream, sendJson } from '../../test/scenarios/sender.ts';
import type { HttpRequest } from '../core/connectors/http-request.ts';
import type { Engine } from '../core/ports/engine.ts';

let product: RunningProduct;
const maxBodyBytesInHand = 1_000_000;
/** A signature that is always wrong. */
const zeros = `sha256=${'0'.repeat(64)}`;

beforeAll(async () => {
  product = await runProduct({ logLevel: 'debug', server: { maxBodyBytesInHand } });
});

afterAll(() => product.stop());

function headOf(connector: Connector, headers: readonly string[]): string {
  const { pathname, host } = new URL(connector.url);
  return [`POST ${pathname} HTTP/1.1`, `Host: ${host}`, ...headers, '', ''].join('\r\n');
}

describe('a sync caller', () => {
  test('that wants events gets the run, then its result', async () => {
    const connector = await product.connect('sync', ['echo']);
    const events = [];
    for await (const event of eventsOf(await openStream(connector, { message: 'hello' }))) events.push(event);
    expect(events.map(({ event }) => event)).toEqual(['run', 'result']);
    expect(events[1]?.data).toMatchObject({ status: 'ok', result: { status: 'completed' } });
  });

  test('that wants events gets a result of any length', async () => {
    const connector = await product.connect('sync', ['fill']);
    const answer = await (await openStream(connector, { characters: 16_000_000 })).text();
    expect(answer.length).toBeGreaterThan(16_000_000);
  });

  test('that is refused gets the true status, not a stream', async () => {
    const connector = await product.connect('sync', ['echo']);
    const response = await openStream({ ...connector, secret: 'wrong' }, {});
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'unauthorized' });
  });

  test('above the capacity is told to come again, and nothing is stored', async () => {
    const full = await runProduct({ settings: { maxSyncRuns: 0 } });
    const connector = await full.connect('sync', ['echo']);
    const { status, headers, json } = await sendJson(connector, { message: 'hello' });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(json).toEqual({
      detail: 'Too many runs are queued or in progress. Nothing was started. Try again later.',
      code: 'unavailable',
    });
    expect((await full.call('GET', '/runs')).json).toMatchObject({ items: [] });
    await full.stop();
  });

  test.each(['application/json', 'text/event-stream'])(
    'that waits with a large body takes no room from the next one (%s)',
    async (accept) => {
      const door = await startReceiver();
      door.answer(() => ({ status: 503 }));
      const connector = await product.connect('sync', ['held']);
      const call = (until: string) =>
        fetch(connector.url, {
          method: 'POST',
          headers: { 'x-connic-secret': connector.secret, 'content-type': 'application/json', accept },
          body: JSON.stringify({ until, filling: 'x'.repeat(maxBodyBytesInHand) }),
        });
      const waiting = call(door.url);
      await eventually('the run to begin', async () => door.requests.length > 0);
      door.answer(() => ({ status: 200 }));
      const next = await call(door.url);
      expect(next.status).toBe(200);
      await next.text();
      await (await waiting).text();
      await door.goDown();
    },
  );

  test('that goes away cancels nothing', async () => {
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const connector = await product.connect('sync', ['held']);
    const leaving = new AbortController();
    const call = fetch(connector.url, {
      method: 'POST',
      headers: { 'x-connic-secret': connector.secret, 'content-type': 'application/json' },
      body: JSON.stringify({ until: door.url }),
      signal: leaving.signal,
    });
    const listed = z.object({ items: z.array(z.object({ run_id: z.string(), status: z.string() })) });
    const runOfCaller = async (status: string) => {
      const { json } = await product.call('GET', `/runs?connector=${connector.id}`);
      return listed.parse(json).items.find((run) => run.status === status);
    };
    await eventually('the run to begin', () => runOfCaller('running'));
    leaving.abort();
    await expect(call).rejects.toThrow('aborted');
    door.answer(() => ({ status: 200 }));
    await eventually('the run to be completed all the same', () => runOfCaller('completed'));
    await door.goDown();
  });
});

/** The engine with a `webhook` type that cancels with its caller; the runs are stored at once, but `dispatch` waits. */
function withSlowStore(until: Promise<void>): (engine: Engine) => Engine {
  return (engine) => {
    const webhook = engine.types.get('webhook');
    const sync = webhook?.modes.sync;
    const request = sync?.ways.request;
    if (webhook === undefined || sync === undefined || request === undefined) throw new Error('no webhook');
    const receive: typeof request.receive = async (...received) => {
      const outcome = await request.receive(...received);
      return outcome.outcome === 'accepted' ? { ...outcome, reply: { cancelsWithCaller: true } } : outcome;
    };
    const modes = {
      ...webhook.modes,
      sync: { ...sync, ways: { ...sync.ways, request: { ...request, receive } } },
    };
    const dispatch: Engine['runs']['dispatch'] = async (dispatched) => {
      const stored = await engine.runs.dispatch(dispatched);
      await until;
      return stored;
    };
    const types = new Map([...engine.types, ['webhook', { ...webhook, modes }] as const]);
    return { ...engine, types, runs: { ...engine.runs, dispatch } };
  };
}

test('a caller that disconnects while its runs are being stored cancels them, if it cancels any', async () => {
  const storing = Promise.withResolvers<void>();
  const slow = await runProduct({ logLevel: 'debug', alter: withSlowStore(storing.promise) });
  const door = await startReceiver();
  door.answer(() => ({ status: 503 }));
  const connector = await slow.connect('sync', ['held']);
  const { socket } = await openSocket(slow.baseUrl);
  const body = JSON.stringify({ until: door.url });
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
  socket.write(headOf(connector, [...headers, `X-Connic-Secret: ${connector.secret}`]) + body);
  const statusOf = async () => {
    const { json } = await slow.call('GET', `/runs?connector=${connector.id}`);
    return z.object({ items: z.array(z.object({ status: z.string() })) }).parse(json).items[0]?.status;
  };
  await eventually('the run to be stored', statusOf);
  socket.destroy();
  await eventually('the server to notice', async () =>
    slow.log.some((line) => line.includes('"complete":false')),
  );
  storing.resolve();
  await eventually('the run to be cancelled', async () => (await statusOf()) === 'cancelled');
  await slow.stop();
  await door.goDown();
});

describe('a body that is not read to its end', () => {
  test('of a form with too many parts has its answer, and the next request on the connection too', async () => {
    const connector = await product.connect('inbound', ['echo']);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const form = Buffer.from('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(200_000));
    const headers = {
      'x-connic-secret': connector.secret,
      'content-type': 'multipart/form-data; boundary=b',
    };
    const statusOf = async () => {
      const sending = request(connector.url, { method: 'POST', headers, agent }).end(form);
      const [answer]: IncomingMessage[] = await once(sending, 'response');
      answer?.resume();
      if (answer !== undefined) await once(answer, 'end');
      return answer?.statusCode;
    };
    for (let count = 0; count < 4; count++) expect(await statusOf()).toBe(413);
    agent.destroy();
  });

  test.each(['secret', 'github'])('and does not come in time is answered 408, once (%s)', async (type) => {
    const hasty = await runProduct({ server: { requestTimeoutMs: 300 } });
    const connector = await hasty.connect('inbound', ['echo'], { auth: { type } });
    const { socket, received } = await openSocket(hasty.baseUrl);
    const proof = { secret: `X-Connic-Secret: ${connector.secret}`, github: `X-Hub-Signature-256: ${zeros}` };
    const head = [
      'Content-Type: application/json',
      'Content-Length: 5',
      type === 'github' ? proof.github : proof.secret,
    ];
    socket.write(`${headOf(connector, head)}{`);
    await once(socket, 'close');
    await hasty.stop();
    expect(received().match(/^HTTP\/1.1 .*$/gm)).toEqual(['HTTP/1.1 408 Request Timeout']);
    expect(received()).toContain('{"detail":"The request did not arrive in time.","code":"request-timeout"}');
  });

  test('since it says that it is too large is answered 413, before its signature is looked for in it', async () => {
    const connector = await product.connect('inbound', ['echo'], { auth: { type: 'github' } });
    const { socket, received } = await openSocket(product.baseUrl);
    const head = [
      'Content-Type: application/json',
      'Content-Length: 99999999',
      `X-Hub-Signature-256: ${zeros}`,
    ];
    socket.write(headOf(connector, head));
    await eventually('the answer', async () => received().includes('"code":"too-large"'));
    expect(received()).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });
});

describe('the address of a connector', () => {
  test.each(['inbound', 'sync'] as const)('may have a slash behind it: %s', async (mode) => {
    const connector = await product.connect(mode, ['echo']);
    const answer = await sendJson({ ...connector, url: `${connector.url}/` }, { message: 'hello' });
    expect(answer).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect((await sendJson({ ...connector, url: `${connector.url}//` }, {})).status).toBe(404);
  });
});

describe('a sender that waits for "100 Continue"', () => {
  const headers = ['Content-Type: application/json', 'Content-Length: 2', 'Expect: 100-continue'];

  test('is asked to go on once it is known, and answered', async () => {
    const connector = await product.connect('inbound', ['echo']);
    const { socket, received } = await openSocket(product.baseUrl);
    socket.write(headOf(connector, [...headers, `X-Connic-Secret: ${connector.secret}`]));
    await eventually('100 Continue', async () => received().startsWith('HTTP/1.1 100 Continue'));
    socket.write('{}');
    await eventually('the answer', async () => received().includes('HTTP/1.1 200 OK'));
    socket.destroy();
  });

  test('is answered without its body where it is not known', async () => {
    const connector = await product.connect('inbound', ['echo']);
    const { socket, received } = await openSocket(product.baseUrl);
    socket.write(headOf(connector, headers));
    await eventually('the answer', async () => received().includes('HTTP/1.1 401 Unauthorized'));
    expect(received()).not.toContain('100 Continue');
    expect(received()).toContain('connection: close');
    socket.destroy();
  });
});

describe('a sender that breaks off', () => {
  test('in the middle of a body harms nobody', async () => {
    const connector = await product.connect('inbound', ['echo']);
    const { socket } = await openSocket(product.baseUrl);
    const headers = ['Content-Length: 100', `X-Connic-Secret: ${connector.secret}`];
    socket.write(`${headOf(connector, headers)}{"half":`);
    await sleep(20);
    socket.destroy();
    expect((await sendJson(connector, {})).status).toBe(200);
    expect((await product.call('GET', `/runs?connector=${connector.id}`)).json).toMatchObject({
      items: [expect.anything()],
    });
  });
});

/** The engine with a `webhook` type whose streams begin with this many characters per run. */
function withLongBeginnings(characters: number): (engine: Engine) => Engine {
  return (engine) => {
    const webhook = engine.types.get('webhook');
    const sync = webhook?.modes.sync;
    const request = sync?.ways.request;
    if (webhook === undefined || sync === undefined || request === undefined) throw new Error('no webhook');
    const stream = (asked: HttpRequest) => {
      const stream = request.stream?.(asked) ?? null;
      return stream && { ...stream, started: () => `: ${'x'.repeat(characters)}\n\n` };
    };
    const ways = { ...sync.ways, request: { ...request, stream } };
    const modes = { ...webhook.modes, sync: { ...sync, ways } };
    return { ...engine, types: new Map([...engine.types, ['webhook', { ...webhook, modes }]]) };
  };
}

test('a stream that waits for the answer before it on its connection may have megabytes by then', async () => {
  const streaming = await runProduct({ alter: withLongBeginnings(2 * 1024 * 1024) });
  const door = await startReceiver();
  door.answer(() => ({ status: 503 }));
  const [first, second] = [
    await streaming.connect('sync', ['held']),
    await streaming.connect('sync', ['echo', 'shout']),
  ];
  const { socket, received } = await openSocket(streaming.baseUrl);
  const send = (connector: Connector, payload: object) => {
    const body = JSON.stringify(payload);
    const headers = [
      'Accept: text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    socket.write(headOf(connector, [...headers, `X-Connic-Secret: ${connector.secret}`]) + body);
  };
  send(first, { until: door.url });
  send(second, { message: 'hello' });
  await eventually('both runs of the second to end', async () => {
    const { json } = await streaming.call('GET', `/runs?connector=${second.id}&status=completed`);
    return z.object({ items: z.array(z.unknown()) }).parse(json).items.length === 2;
  });
  door.answer(() => ({ status: 200 }));
  await eventually('both results', async () => received().match(/^event: result/gm)?.length === 2);
  expect(received().match(/^: x+/gm)).toHaveLength(3);
  socket.destroy();
  await streaming.stop();
  await door.goDown();
});
