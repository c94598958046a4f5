import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSocket } from '../../test/bare-socket.ts';
import { adminToken, type RunningProduct, runProduct } from '../../test/running-product.ts';

let product: RunningProduct;

beforeAll(async () => {
  product = await runProduct({ server: { allowedHosts: ['agents.internal'] } });
});

afterAll(() => product.stop());

/** Sends a request with a first line and host that no HTTP client would send. */
async function ask(method: string, target: string, headers: Record<string, string> = {}) {
  const { socket, received } = await openSocket(product.baseUrl);
  const all = { host: 'localhost', connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
  await once(socket, 'close');
  const [head = '', body = ''] = received().split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body };
}

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe.each(['/nowhere', '//', '//agents', '/nowhere/at/all', '/webhooks/a/b', '*', '/api/v2/runs'])(
  'a path at which there is nothing (%s)',
  (target) => {
    test('is 404 in JSON for a program', async () => {
      const { status, body } = await ask('GET', target);
      expect(status).toBe(404);
      expect(JSON.parse(body)).toEqual({
        detail: 'Path not found. See /api/v1/openapi.json for all paths.',
        code: 'not-found',
      });
    });

    test('is 404 with a page for a browser', async () => {
      const { status, head, body } = await ask('GET', target, asBrowser);
      expect(status).toBe(404);
      expect(head).toContain('content-type: text/html');
      expect(head).toContain("content-security-policy: default-src 'none'");
      expect(body).toContain('<h1>Page not found</h1>');
    });

    test('is 404 in JSON for what is sent there', async () => {
      expect(await ask('POST', target, asBrowser)).toMatchObject({
        status: 404,
        head: expect.stringContaining('content-type: application/json'),
      });
    });
  },
);

describe('a target that is a whole URL', () => {
  test('means the same as its path', async () => {
    expect(await ask('GET', 'http://localhost/health')).toMatchObject({
      status: 200,
      body: '{"status":"ok"}',
    });
    const authorization = `Bearer ${adminToken}`;
    const me = await ask('GET', `${product.baseUrl}/api/v1/me?`, { authorization });
    expect(JSON.parse(me.body)).toEqual({ name: 'admin-token', role: 'operator' });
    expect((await ask('GET', 'http://localhost/nowhere')).status).toBe(404);
  });

  test.each([
    'http://elsewhere.example/',
    'http://elsewhere.example/agents',
    'https://elsewhere.example/health',
  ])('of somebody else is 404: this is no proxy (%s)', async (target) => {
    expect(await ask('GET', target, { host: 'elsewhere.example' })).toMatchObject({
      status: 404,
      body: expect.stringContaining('"code":"not-found"'),
    });
    // The target takes precedence over the header.
    expect((await ask('GET', target)).status).toBe(404);
    expect((await ask('GET', target, asBrowser)).head).toContain('content-type: text/html');
  });
});

test('a request that names no host is malformed, as HTTP/1.1 wants it', async () => {
  const { socket, received } = await openSocket(product.baseUrl);
  socket.write('GET /health HTTP/1.1\r\nConnection: close\r\n\r\n');
  await once(socket, 'close');
  expect(received()).toMatch(/^HTTP\/1\.1 400 /);
  expect(received()).toContain('{"detail":"The request has no Host header.","code":"malformed"}');
});

describe('a host that this server is not known by', () => {
  const host = 'rebound.example:4000';

  test.each(['/', '/agents', '/page-settings.json', '/api/v1/openapi.json', '/api/v1/runs', '/nowhere'])(
    'gets nothing of %s, not even with the token',
    async (path) => {
      const answer = await ask('GET', path, { host, authorization: `Bearer ${adminToken}` });
      expect(answer.status).toBe(421);
      expect(JSON.parse(answer.body)).toEqual({
        code: 'unknown-host',
        detail: expect.stringContaining('ALLOWED_HOSTS'),
      });
    },
  );

  test('is told so by a page in a browser', async () => {
    const { status, head, body } = await ask('GET', '/', { host, ...asBrowser });
    expect([status, head]).toEqual([421, expect.stringContaining('content-type: text/html')]);
    expect(body).toContain('ALLOWED_HOSTS');
  });

  test('is no matter for webhooks and health', async () => {
    const connector = await product.connect('inbound', ['echo']);
    const path = new URL(connector.url).pathname;
    expect((await ask('GET', path, { host, 'x-connic-secret': connector.secret })).status).toBe(200);
    expect((await ask('GET', '/health', { host })).status).toBe(200);
  });

  test('is one that it is known by once it is listed', async () => {
    expect((await ask('GET', '/page-settings.json', { host: 'agents.internal' })).status).toBe(200);
  });
});
