import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSocket } from '../../test/bare-socket.ts';
import { startReceiver } from '../../test/receivers/recording-receiver.ts';
import { type RunningProduct, runProduct } from '../../test/running-product.ts';
import { eventually } from '../../test/scenarios/eventually.ts';
import { readAnswer } from '../../test/scenarios/operator.ts';
import { openStream, send, sendJson, sendRaw } from '../../test/scenarios/sender.ts';
import * as wire from '../../test/scenarios/wire.ts';

let product: RunningProduct;

beforeAll(async () => {
  product = await runProduct({ logLevel: 'debug' });
});

afterAll(() => product.stop());

describe('the server', () => {
  test('says that it is ready', async () => {
    const answer = await readAnswer(await fetch(`${product.baseUrl}/health`));
    expect(answer).toMatchObject({ status: 200, json: { status: 'ok' } });
  });

  test.each(['/', '/health'])('takes only GET at %s', async (path) => {
    const answer = await readAnswer(await fetch(`${product.baseUrl}${path}`, { method: 'POST' }));
    expect(answer).toMatchObject({
      status: 405,
      json: { detail: 'This path supports GET, not POST.', code: 'method-not-allowed' },
    });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  test.each(['/webhooks/', '/webhooks/a/b', '/webhooks/a/sync/c', '/elsewhere'])(
    'has nothing at %s',
    async (path) => {
      const answer = await readAnswer(await fetch(`${product.baseUrl}${path}`));
      expect(answer).toMatchObject({ status: 404, json: { code: 'not-found' } });
    },
  );

  test('takes a trigger at the URL that the connector names', async () => {
    const connector = await product.connect('inbound', ['echo']);
    const answer = await sendJson(connector, { message: 'hello' });
    expect(answer).toMatchObject({ status: 200, json: { status: 'ok', dispatched_to: 1 } });
  });

  test('writes of a request neither query nor headers into its log', async () => {
    const connector = await product.connect('inbound', ['echo']);
    await sendRaw(connector, { query: `?secret=${connector.secret}&x=hidden-value`, method: 'GET' });
    const served = await eventually('the line of the request', async () =>
      product.log.find((line) => line.includes('request.served') && line.includes(connector.id)),
    );
    expect(JSON.parse(served)).toMatchObject({
      method: 'GET',
      path: `/webhooks/${connector.id}`,
      status: 200,
    });
    expect(product.log.join('')).not.toContain('hidden-value');
    expect(product.log.join('')).not.toContain(connector.secret);
  });
});

describe('what is no HTTP request', () => {
  test.each([
    ['garbage', 'hello\r\n\r\n', '400 Bad Request', 'malformed'],
    [
      'endless headers',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'headers-too-large',
    ],
  ])('(%s) is answered in the form of every error', async (_title, bytes, status, code) => {
    const { socket, received } = await openSocket(product.baseUrl);
    socket.write(bytes);
    await once(socket, 'close');
    expect(received()).toContain(`HTTP/1.1 ${status}`);
    const body: unknown = JSON.parse(received().split('\r\n\r\n')[1] ?? '');
    expect(body).toMatchObject({ code, detail: expect.stringMatching(/\.$/) });
  });
});

describe('a request', () => {
  test('whose host is none is answered in the form of every error', async () => {
    const { socket, received } = await openSocket(product.baseUrl);
    socket.write('GET /api/v1/runs HTTP/1.1\r\nHost: not a host\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');
    expect(received()).toContain('HTTP/1.1 400 Bad Request');
    expect(received()).toContain('"code":"malformed"');
  });

  test('of HTTP/1.0 needs no host', async () => {
    const { socket, received } = await openSocket(product.baseUrl);
    socket.write('GET /api/v1/openapi.json HTTP/1.0\r\n\r\n');
    await once(socket, 'close');
    expect(received()).toContain('HTTP/1.1 200 OK');
  });
});

describe('over its capacity', () => {
  test('the server refuses before it reads anything, and says when to come again', async () => {
    const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const held = async <Value>(value: Promise<Value>): Promise<Value> => {
      arrived.resolve();
      await released.promise;
      return value;
    };
    const small = await runProduct({
      server: { maxConcurrentRequests: 1 },
      alter: (engine) => ({
        ...engine,
        runs: { ...engine.runs, dispatch: (dispatch) => held(engine.runs.dispatch(dispatch)) },
      }),
    });
    const connector = await small.connect('inbound', ['echo']);
    const first = sendJson(connector, {});
    await arrived.promise;
    const refused = await readAnswer(await fetch(`${small.baseUrl}/health`));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.json).toEqual({
      detail: 'Too many concurrent requests. Try again later.',
      code: 'unavailable',
    });
    released.resolve();
    expect((await first).status).toBe(200);
    expect((await fetch(`${small.baseUrl}/health`)).status).toBe(200);
    await small.stop();
  });
});

describe('a bug in a webhook', () => {
  test('is 500 without internals; the log has the rest', async () => {
    const broken = await runProduct({
      alter: (engine) => ({
        ...engine,
        connectors: { ...engine.connectors, get: () => Promise.reject(new TypeError('x is not a function')) },
      }),
    });
    const answer = await readAnswer(
      await fetch(`${broken.baseUrl}/webhooks/any`, { method: 'POST', body: 'x' }),
    );
    expect(answer.status).toBe(500);
    expect(answer.json).toEqual({
      detail: 'Internal server error. The details were logged.',
      code: 'internal-error',
    });
    expect(broken.log.join('')).toContain('x is not a function');
    await broken.stop();
  });
});

describe('a server whose memory for bodies is taken', () => {
  test('tells senders of large ones when to come again, however they are sent, and takes small ones', async () => {
    const full = await runProduct({ server: { maxBodyBytesInHand: 100_000 } });
    const connector = await full.connect('inbound', ['echo']);
    const { pathname } = new URL(connector.url);
    const large = JSON.stringify({ message: 'x'.repeat(200_000) });
    const head = `POST ${pathname} HTTP/1.1\r\nHost: x\r\nX-Connic-Secret: ${connector.secret}\r\n`;
    const sendHalf = async () => {
      const connection = await openSocket(full.baseUrl);
      connection.socket.write(
        `${head}Content-Type: application/json\r\nContent-Length: ${large.length}\r\n\r\n`,
      );
      connection.socket.write(large.slice(0, 100_000));
      return connection;
    };
    let half = await sendHalf();
    const form = new FormData();
    form.set('message', 'x'.repeat(200_000));
    const json = { 'content-type': 'application/json' };
    const posts = [
      { headers: json, body: large },
      { body: form },
      { headers: { ...json, 'content-encoding': 'gzip' }, body: new Uint8Array(gzipSync(large)) },
    ];
    await eventually('a large body to be refused', async () => {
      if ((await send(connector, posts[0] ?? {})).status === 503) return true;
      // The large body arrived before the half one.
      half.socket.destroy();
      half = await sendHalf();
      return false;
    });
    for (const post of posts) {
      const refused = await send(connector, post);
      expect(refused).toMatchObject({ status: 503, json: { code: 'unavailable' } });
      expect(refused.headers.get('retry-after')).toBe('2');
    }
    expect((await sendJson(connector, { message: 'small' })).status).toBe(200);
    half.socket.write(large.slice(100_000));
    await eventually('the first to be taken', async () => half.received().includes('200 OK'));
    half.socket.destroy();
    await eventually(
      'room for the next',
      async () => (await sendJson(connector, { message: large })).status === 200,
    );
    for (const post of posts) expect((await send(connector, post)).status).toBe(200);
    await full.stop();
  });
});

describe('a server that stops', () => {
  test('answers who waits, ends streams, and takes nobody new', async () => {
    const stopped = await runProduct();
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const connector = await stopped.connect('sync', ['held']);
    const waiting = sendJson(connector, { until: door.url });
    await eventually('the run', async () =>
      (await stopped.call('GET', '/runs?status=running')).text.includes(connector.id),
    );
    const events = await fetch(`${stopped.baseUrl}/api/v1/events`, {
      headers: { authorization: 'Bearer test-admin-token' },
    });
    const { socket, received } = await openSocket(stopped.baseUrl);
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('the answer', async () => received().includes('200 OK'));

    const stopping = stopped.server.stop();
    await once(socket, 'close');
    await expect(fetch(`${stopped.baseUrl}/health`)).rejects.toThrow('fetch failed');
    expect(await events.text()).toContain('retry: 2000');
    door.answer(() => ({ status: 200 }));
    expect(await waiting).toMatchObject({ status: 200, json: { result: { status: 'completed' } } });
    await stopping;
    await stopped.stop();
    await door.goDown();
  });

  test('answers callers whose runs take too long with 202 and the place of the run, streaming ones too', async () => {
    const stopped = await runProduct();
    const connector = await stopped.connect('sync', ['wait']);
    const waiting = sendJson(connector, { ms: 240_000 });
    const streaming = openStream(connector, { ms: 240_000 });
    const running = await eventually('both runs', async () => {
      const { items } = wire
        .listOf(wire.runSummary)
        .parse((await stopped.call('GET', '/runs?status=running')).json);
      return items.length === 2 && items.map(({ run_id }) => run_id);
    });
    const events = await streaming;
    await stopped.server.stop(50);
    const answer = await waiting;
    expect(answer).toMatchObject({ status: 202, json: { status: 'timeout', result: { status: 'running' } } });
    const runId = wire.syncAnswer.parse(answer.json).result.run_id;
    expect(running).toContain(runId);
    expect(answer.headers.get('location')).toBe(`/api/v1/runs/${runId}`);
    expect(await events.text()).toMatch(/event: result\ndata: \{"status":"timeout"/);
    await stopped.stop();
  });
});
