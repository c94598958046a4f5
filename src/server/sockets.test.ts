import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { openSocket } from '../../test/bare-socket.ts';
import { talkType, talkTypeWith } from '../../test/connectors/talk-type.ts';
import { startReceiver } from '../../test/receivers/recording-receiver.ts';
import { type ProductOptions, type RunningProduct, runProduct } from '../../test/running-product.ts';
import { eventually } from '../../test/scenarios/eventually.ts';
import { connectSocket, type RefusedHandshake } from '../../test/websocket-client.ts';
import type { JsonObject } from '../core/json/json-value.ts';

const created = z.object({ id: z.string(), url: z.string(), secret: z.string() });

const withTalk = (options: Pick<ProductOptions, 'server'> = {}, type = talkType) =>
  runProduct({
    ...options,
    alter: (engine) => ({ ...engine, types: new Map([...engine.types, ['talk', type]]) }),
  });

/** A client that requests a connection and stays, whatever the response. */
async function askAndStay(url: string, key = 'dGhlIHNhbXBsZSBub25jZQ==') {
  const { pathname, search } = new URL(url);
  const { socket, received } = await openSocket(url, { allowHalfOpen: true });
  const headers = `Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`;
  socket.on('error', () => undefined);
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${headers}Sec-WebSocket-Key: ${key}\r\n\r\n`);
  return { socket, received };
}

async function talkTo(product: RunningProduct, agents: readonly string[], config: JsonObject = {}) {
  const name = `Talk to ${agents} ${crypto.randomUUID()}`;
  const draft = { name, type: 'talk', mode: 'sync', agents, config };
  const connector = created.parse((await product.call('POST', '/connectors', draft)).json);
  return { ...connector, open: () => connectSocket(`${connector.url}?${connector.secret}`) };
}

const refusalOf = async (connecting: Promise<unknown>) =>
  connecting.then(
    () => 'connected',
    ({ status, body }: RefusedHandshake) => ({
      status,
      ...z.object({ code: z.string() }).parse(JSON.parse(body)),
    }),
  );

let product: RunningProduct;

beforeAll(async () => {
  product = await withTalk();
});

afterAll(() => product.stop());

describe('a connection', () => {
  test('answers its messages one after another, each a run of its own', async () => {
    const connector = await talkTo(product, ['echo']);
    expect(connector.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/webhooks\/[-\da-f]{36}\/talk$/);
    const client = await connector.open();
    expect(await client.next()).toBe('opened');
    client.send('{"n":1}');
    client.send('{"n":2}');
    expect(await client.next()).toMatch(/^stored 1 echo [-\da-f]{36}$/);
    expect(await client.next()).toBe('ended {"n":1}');
    expect(await client.next()).toMatch(/^stored 2 echo [-\da-f]{36}$/);
    expect(await client.next()).toBe('ended {"n":2}');
    client.send('stop');
    expect(await client.next()).toBe('stopping');
    expect(await client.closed).toEqual({ code: 1000, reason: 'as asked' });
    const { json } = await product.call('GET', `/runs?connector=${connector.id}`);
    expect(json).toMatchObject({ items: [{ status: 'completed' }, { status: 'completed' }] });
  });

  test('whose handshake proves nothing is taken in, and none of its messages before it has proved who it is', async () => {
    const connector = await talkTo(product, ['echo']);
    const client = await connectSocket(connector.url);
    expect(await client.next()).toBe('opened');
    client.send(connector.secret);
    expect(await client.next()).toBe('known');
    client.send('"hi"');
    expect(await client.next()).toMatch(/^stored/);
    const stranger = await connectSocket(connector.url);
    stranger.send('"hi"');
    expect(await stranger.next()).toBe('opened');
    expect(await stranger.next()).toBe('refused unauthorized');
    expect(await stranger.closed).toMatchObject({ code: 1008 });
    client.socket.close();
  });

  test('to a connector that there is not is answered as one with wrong credentials', async () => {
    const { url } = await talkTo(product, ['echo']);
    const unknown = url.replace(/[-\da-f]{36}/, '00000000-0000-4000-8000-000000000000');
    const refused = { status: 401, code: 'unauthorized' };
    expect(await refusalOf(connectSocket(`${url}?wrong`))).toEqual(refused);
    expect(await refusalOf(connectSocket(`${unknown}?wrong`))).toEqual(refused);
    const client = await connectSocket(unknown);
    client.send('"hi"');
    expect(await client.next()).toBe('opened');
    expect(await client.next()).toBe('refused unauthorized');
    expect(await client.closed).toMatchObject({ code: 1008 });
  });

  test('is told that its connector was disabled, and ends with it', async () => {
    const connector = await talkTo(product, ['echo']);
    const client = await connector.open();
    await client.next();
    await product.call('PATCH', `/connectors/${connector.id}`, { enabled: false });
    client.send('1');
    expect(await client.next()).toBe('refused connector-disabled');
    await product.call('DELETE', `/connectors/${connector.id}`);
    client.send('2');
    expect(await client.next()).toBe('refused unauthorized');
    client.socket.close();
  });

  test('hears of a run that takes longer than the connector waits, which goes on', async () => {
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const connector = await talkTo(product, ['held'], { deadline_ms: 50 });
    const client = await connector.open();
    await client.next();
    client.send(JSON.stringify({ until: door.url }));
    expect(await client.next()).toMatch(/^stored/);
    expect(await client.next()).toBe('timeout running');
    client.socket.close();
    door.answer(() => ({ status: 200 }));
    await eventually('the run to be completed all the same', async () =>
      (await product.call('GET', `/runs?connector=${connector.id}`)).text.includes('"completed"'),
    );
    await door.goDown();
  });

  test('is closed after its time without a message', async () => {
    const client = await (await talkTo(product, ['echo'], { idle_seconds: 0.05 })).open();
    expect(await client.closed).toEqual({ code: 1000, reason: 'No message came for 0.05 seconds.' });
  });

  test('ends with a message that is too large, or not text', async () => {
    const connector = await talkTo(product, ['echo']);
    const large = await connector.open();
    large.send('x'.repeat(1024 * 1024 + 1));
    expect(await large.closed).toMatchObject({ code: 1009 });
    const binary = await connector.open();
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect(await binary.closed).toEqual({ code: 1003, reason: 'Send text messages.' });
  });

  test('has an answer of any length', async () => {
    const connector = await talkTo(product, ['echo']);
    const length = 16 * 1024 * 1024;
    const reader = await connector.open();
    await reader.next();
    reader.send(`long ${length}`);
    expect((await reader.next()).length).toBe(length);
    expect(await reader.next()).toBe('done');
    reader.socket.close();
  });

  test('that is closed before its messages are taken says in the log how many were dropped', async () => {
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const connector = await talkTo(product, ['held']);
    const client = await connector.open();
    await client.next();
    client.send(JSON.stringify({ until: door.url }));
    expect(await client.next()).toMatch(/^stored/);
    client.send('1');
    client.send('2');
    client.socket.close(1000);
    await eventually('the log to say so', async () =>
      product.log.some(
        (line) =>
          line.includes('"socket.messages-dropped"') &&
          line.includes(connector.id) &&
          line.includes('"messages":2'),
      ),
    );
    door.answer(() => ({ status: 200 }));
    await door.goDown();
  });

  test('to a connector that there is not leaves nothing in its history', async () => {
    const connector = await talkTo(product, ['echo']);
    const greet = async (url: string) => {
      const client = await connectSocket(url);
      expect(await client.next()).toBe('opened');
      client.send('greeting');
      expect(await client.next()).toBe('hello');
      // Messages are taken in turn: this one is answered after all work for the first.
      client.send('"hi"');
      expect(await client.next()).toBe('refused unauthorized');
    };
    const nobody = '00000000-0000-4000-8000-000000000001';
    await greet(connector.url);
    await greet(connector.url.replace(connector.id, nobody));
    const noted = product.log.filter((line) => line.includes('"event.ignored"'));
    expect(noted.filter((line) => line.includes(connector.id))).toHaveLength(1);
    expect(noted.filter((line) => line.includes(nobody))).toEqual([]);
  });

  test('of which nothing is read while many of its messages wait loses none of them', async () => {
    const client = await (await talkTo(product, ['echo'])).open();
    await client.next();
    for (let n = 0; n < 40; n += 1) client.send(String(n));
    for (let n = 0; n < 40; n += 1) {
      expect(await client.next()).toMatch(new RegExp(`^stored ${n + 1} `));
      expect(await client.next()).toBe(`ended ${n}`);
    }
    client.socket.close();
  });
});

describe('a server', () => {
  test('has only so many connections at a time, of one address half of them', async () => {
    const small = await withTalk({ server: { maxSockets: 4 } });
    const connector = await talkTo(small, ['echo']);
    const clients = [await connector.open(), await connector.open()];
    expect(await refusalOf(connector.open())).toEqual({ status: 503, code: 'unavailable' });
    for (const client of clients) client.socket.close();
    await eventually('room for the next', async () => (await refusalOf(connector.open())) === 'connected');
    await small.stop();
  });

  test('has room again once it has refused somebody who stays, and stops without them', async () => {
    const small = await withTalk({ server: { maxSockets: 2 } });
    const connector = await talkTo(small, ['echo']);
    const { socket, received } = await askAndStay(`${connector.url}?wrong`);
    await eventually('the refusal', async () => received().includes('401 Unauthorized'));
    await eventually(
      'room for the next',
      async () => (await refusalOf(connector.open())) === 'connected',
      10_000,
    );
    await small.stop();
    socket.destroy();
  });

  test('that stops waits for no connection that is still being opened', async () => {
    const opening: string[] = [];
    const open = async (_request: unknown, _context: unknown, id: string) => {
      opening.push(id);
      return new Promise<never>(() => undefined);
    };
    const stopped = await withTalk({}, talkTypeWith({ open }));
    const connector = await talkTo(stopped, ['echo']);
    const { socket } = await askAndStay(connector.url);
    await eventually('the type to be asked', async () => opening.length > 0);
    await stopped.server.stop(50);
    socket.destroy();
    await stopped.stop();
  });

  test('tells the type of a handshake that it took and that came to no connection', async () => {
    const left: unknown[] = [];
    const telling = await withTalk({}, talkTypeWith({ close: (session) => left.push(session) }));
    const connector = await talkTo(telling, ['echo']);
    const { socket, received } = await askAndStay(connector.url, 'no key');
    await eventually('the answer', async () => received().includes('400 Bad Request'));
    await eventually('the type to be told', async () => left.length === 1, 10_000);
    expect(left).toMatchObject([{ connectionId: expect.any(String) }]);
    socket.destroy();
    await telling.stop();
  });

  test('gives up a connection that reads none of its answers', async () => {
    const left: unknown[] = [];
    const type = talkTypeWith({ close: (session) => left.push(session) });
    const telling = await withTalk({ server: { pingEveryMs: 500 } }, type);
    const silent = await (await talkTo(telling, ['echo'])).open();
    await silent.next();
    silent.socket.pause();
    // Enough to make the server pause reading, so that it would not see a pong either.
    for (let count = 0; count < 12; count += 1) silent.send(`long ${16 * 1024 * 1024}`);
    await eventually('it to be given up', async () => left.length === 1);
    silent.socket.terminate();
    await telling.stop();
  });

  test('waits for a connection that reads later before it takes the next message', async () => {
    const client = await (await talkTo(product, ['fill'])).open();
    await client.next();
    client.socket.pause();
    const characters = 12 * 1024 * 1024;
    for (let count = 0; count < 3; count += 1) client.send(JSON.stringify({ characters }));
    await eventually('the first run to end', async () => {
      const { json } = await product.call('GET', '/runs?agent=fill&status=completed');
      return z.object({ items: z.array(z.unknown()) }).parse(json).items.length > 0;
    });
    client.socket.resume();
    for (let n = 1; n <= 3; n += 1) {
      expect(await client.next()).toMatch(new RegExp(`^stored ${n} `));
      expect((await client.next()).length).toBeGreaterThan(characters);
    }
    client.socket.terminate();
  });

  test('gives up a connection whose other side is gone without a word', async () => {
    // Long enough for the one that is alive to answer on a busy machine.
    const pinging = await withTalk({ server: { pingEveryMs: 2_000 } });
    const connector = await talkTo(pinging, ['echo']);
    const alive = await connector.open();
    const gone = await connectSocket(`${connector.url}?${connector.secret}`, {}, { autoPong: false });
    expect(await gone.closed).toMatchObject({ code: 1006 });
    await alive.next();
    alive.send('"still here"');
    expect(await alive.next()).toMatch(/^stored/);
    await pinging.stop();
  });

  test('that stops answers the message at hand, and closes every connection for a restart', async () => {
    const stopped = await withTalk();
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const connector = await talkTo(stopped, ['held']);
    const idle = await connector.open();
    const busy = await connector.open();
    await busy.next();
    busy.send(JSON.stringify({ until: door.url }));
    expect(await busy.next()).toMatch(/^stored/);
    const stopping = stopped.server.stop();
    const restarts = { code: 1012, reason: 'The service restarts. Connect again.' };
    expect(await idle.closed).toEqual(restarts);
    door.answer(() => ({ status: 200 }));
    expect(await busy.next()).toBe('ended was let go');
    expect(await busy.closed).toEqual(restarts);
    await stopping;
    await stopped.stop();
    await door.goDown();
  });

  test('that stops answers every message that has arrived', async () => {
    const stopped = await withTalk();
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const client = await (await talkTo(stopped, ['held'])).open();
    await client.next();
    for (const n of [1, 2, 3]) client.send(JSON.stringify({ n, until: door.url }));
    expect(await client.next()).toMatch(/^stored 1/);
    // The server has read everything that came before a pong.
    client.socket.ping();
    await once(client.socket, 'pong');
    const stopping = stopped.server.stop();
    client.send(JSON.stringify({ n: 4, until: door.url }));
    door.answer(() => ({ status: 200 }));
    const answers = [await client.next()];
    for (let n = 2; n <= 3; n++) answers.push(await client.next(), await client.next());
    expect(answers.map((text) => text.slice(0, 8))).toEqual([
      'ended wa',
      ...['stored 2', 'ended wa', 'stored 3', 'ended wa'],
    ]);
    expect(await client.closed).toMatchObject({ code: 1012 });
    await stopping;
    await stopped.stop();
    await door.goDown();
  });

  test('tells the type the session that the last message left, also of a connection that ended meanwhile', async () => {
    const ended: JsonObject[] = [];
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const telling = await withTalk({}, talkTypeWith({ close: (session) => ended.push(session) }));
    const client = await (await talkTo(telling, ['held'])).open();
    await client.next();
    client.send(JSON.stringify({ until: door.url }));
    expect(await client.next()).toMatch(/^stored 1/);
    client.socket.terminate();
    await eventually('the type to be told', async () => ended.length > 0);
    expect(ended).toMatchObject([{ count: 1 }]);
    door.answer(() => ({ status: 200 }));
    await telling.stop();
    await door.goDown();
  });

  test('that stops waits for no run that takes too long, and for nobody who does not answer', async () => {
    const stopped = await withTalk();
    const connector = await talkTo(stopped, ['wait']);
    const busy = await connector.open();
    await busy.next();
    busy.send('{"ms":240000}');
    expect(await busy.next()).toMatch(/^stored/);
    const silent = await connector.open();
    silent.socket.pause();
    await stopped.server.stop(200);
    expect(await busy.next()).toBe('timeout running');
    expect(await busy.closed).toMatchObject({ code: 1012 });
    silent.socket.terminate();
    await stopped.stop();
  });
});

describe('a request that is no handshake of a connector', () => {
  test('is told to connect', async () => {
    const { url } = await talkTo(product, ['echo']);
    const answer = await fetch(url.replace(/^ws/, 'http'));
    expect(answer.status).toBe(426);
    expect(await answer.json()).toEqual({
      detail: 'This address accepts WebSocket connections only.',
      code: 'upgrade-required',
    });
  });

  test.each(['h2c', 'websocket'])('is served as ever where it asks for %s', async (protocol) => {
    const connector = await product.connect('inbound', ['echo']);
    const body = '{"message":"Hello"}';
    const { socket, received } = await openSocket(product.baseUrl);
    const head = (path: string, more: string) =>
      `${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\n` +
      `HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n${more}\r\n`;
    const post = `X-Connic-Secret: ${connector.secret}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    socket.write(head(`POST ${new URL(connector.url).pathname}`, post) + body);
    await eventually('the first answer', async () => received().includes('"dispatched_to":1'));
    // The connection is still HTTP.
    socket.end(`GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    expect(received()).toContain('{"status":"ok"}');
  });

  test('that comes before earlier requests of its connection are answered is answered after them', async () => {
    const door = await startReceiver();
    door.answer(() => ({ status: 503 }));
    const held = await product.connect('sync', ['held']);
    const { url, secret } = await talkTo(product, ['echo']);
    const { socket, received } = await openSocket(product.baseUrl);
    const body = JSON.stringify({ until: door.url });
    socket.write(
      `POST ${new URL(held.url).pathname} HTTP/1.1\r\nHost: localhost\r\nX-Connic-Secret: ${held.secret}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
        `GET ${new URL(url).pathname}?${secret} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await eventually('the run to begin', async () => door.requests.length > 0);
    door.answer(() => ({ status: 200 }));
    await eventually('both answers', async () => received().includes('upgrade-required'));
    expect(received().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 426']);
    socket.destroy();
    await door.goDown();
  });

  test('and comes to nothing is 404 all the same', async () => {
    await expect(connectSocket(`${product.baseUrl.replace(/^http/, 'ws')}/nowhere`)).rejects.toMatchObject({
      status: 404,
    });
  });
});
