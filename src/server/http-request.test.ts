import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpRequest } from '../core/connectors/http-request.ts';
import { BodyMemory, httpRequest } from './http-request.ts';

let server: Server;
let reads: number;

beforeEach(async () => {
  reads = 0;
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends what `write` writes, and returns the request as the server sees it. */
async function received(
  path: string,
  headers: Record<string, string | string[]>,
  write: (client: ReturnType<typeof send>) => void,
): Promise<HttpRequest> {
  const { port } = server.address() as AddressInfo;
  const arrives = once(server, 'request') as Promise<[IncomingMessage]>;
  const client = send({ host: '127.0.0.1', port, path, method: 'POST', headers });
  client.on('error', () => undefined);
  write(client);
  const [request] = await arrives;
  return httpRequest(request, new BodyMemory(1e9).open(), () => {
    reads += 1;
  });
}

const megabyte = Buffer.alloc(1024 * 1024, 'x');

describe('a request as webhooks take it', () => {
  test('has its method, its raw query and its headers', async () => {
    const headers = { 'X-Two': ['a', 'b'], 'Set-Cookie': ['c=1', 'd=2'] };
    const request = await received('/webhooks/id?a=1&b=%20?', headers, (client) => client.end());
    expect(request).toMatchObject({ method: 'POST', query: 'a=1&b=%20?' });
    expect(request.headers['x-two']).toBe('a, b');
    expect(request.headers['set-cookie']).toBeUndefined();
  });

  test('has no query where its URL has none', async () => {
    expect((await received('/webhooks/id', {}, (client) => client.end())).query).toBe('');
  });
});

describe('its body', () => {
  test('is read whole, however many pieces it comes in', async () => {
    const request = await received('/', {}, (client) => {
      client.write(megabyte);
      client.end('end');
    });
    const bytes = await request.body.bytes(2 * megabyte.length);
    expect(bytes).toHaveLength(megabyte.length + 3);
    expect(reads).toBe(1);
  });

  test('is empty where none was sent', async () => {
    const request = await received('/', {}, (client) => client.end());
    expect(await request.body.bytes(10)).toHaveLength(0);
  });

  test('of exactly the bound is taken', async () => {
    const request = await received('/', {}, (client) => client.end('12345'));
    expect(await request.body.bytes(5)).toHaveLength(5);
  });

  test('that says that it is too large is not read at all', async () => {
    const request = await received('/', { 'content-length': '2000000' }, (client) => client.write('x'));
    expect(await request.body.bytes(1_000)).toBe('too-large');
    expect(reads).toBe(0);
  });

  test('that turns out too large is not read to its end', async () => {
    const request = await received('/', { 'transfer-encoding': 'chunked' }, (client) => {
      client.write(megabyte);
    });
    expect(await request.body.bytes(1_000)).toBe('too-large');
  });

  test('is interrupted where its sender breaks off', async () => {
    let leave = () => {};
    const request = await received('/', { 'content-length': '10' }, (client) => {
      client.write('12345');
      leave = () => client.destroy();
    });
    const reading = request.body.bytes(1_000);
    leave();
    expect(await reading).toBe('interrupted');
  });

  test.each(['with its length', 'in chunks'])('comes whole, however many pieces it has (%s)', async (how) => {
    const bytes = Buffer.concat([megabyte, Buffer.from('end')]);
    const headers = how === 'in chunks' ? {} : { 'content-length': String(bytes.length) };
    const request = await received('/', headers, (client) => client.end(bytes));
    const read = await request.body.bytes(2 * megabyte.length);
    expect(bytes.equals(Buffer.from(read))).toBe(true);
  });

  test('has memory of its own, which can be given to another thread', async () => {
    const headers = { 'content-length': String(megabyte.length) };
    const request = await received('/', headers, (client) => client.end(megabyte));
    const read = await request.body.bytes(megabyte.length);
    expect(read).toMatchObject({ byteOffset: 0, buffer: { byteLength: megabyte.length } });
  });
});
