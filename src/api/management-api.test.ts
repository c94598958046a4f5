import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type RunningProduct, runProduct } from '../../test/running-product.ts';
import { RetryableError } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';

let product: RunningProduct;

/** An engine whose store is unavailable for one connector and for API keys, and whose agent catalog has a bug. */
function withTroubles(engine: Engine): Engine {
  return {
    ...engine,
    connectors: {
      ...engine.connectors,
      get: (id) =>
        id === 'away'
          ? Promise.reject(new RetryableError('disk I/O error at sector 7', { retryAfterSeconds: 3 }))
          : engine.connectors.get(id),
    },
    apiKeys: {
      ...engine.apiKeys,
      get: () => Promise.reject(new RetryableError('disk I/O error', { retryAfterSeconds: 3 })),
    },
    agents: {
      ...engine.agents,
      list: () => engine.agents.list(),
      unpricedModels: () => engine.agents.unpricedModels(),
      problems: () => engine.agents.problems(),
      get(name) {
        if (name === 'bug') throw new TypeError('cannot read properties of undefined (reading secret)');
        return engine.agents.get(name);
      },
    },
  };
}

beforeAll(async () => {
  product = await runProduct({ alter: withTroubles });
});

afterAll(() => product.stop());

describe('a call without a known token', () => {
  test.each([
    ['none', { authorization: '' }],
    ['a wrong one', { authorization: 'Bearer nope' }],
    ['one in another scheme', { authorization: 'Basic dGVzdC1hZG1pbi10b2tlbg==' }],
  ])('(%s) is told what to send, whatever it asks for', async (_kind, headers) => {
    for (const path of ['/runs', '/nowhere', '/events']) {
      const answer = await product.call('GET', path, undefined, headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="management API"');
      expect(answer.json).toEqual({
        detail: 'The token is missing or wrong. Send the header "Authorization: Bearer <token>".',
        code: 'unauthorized',
      });
    }
  });

  test('may read what the API is', async () => {
    const answer = await product.call('GET', '/openapi.json', undefined, { authorization: '' });
    expect(answer.status).toBe(200);
  });
});

describe('a body', () => {
  test.each([
    ['{"name": ', 'The body is not valid JSON (line 1 column 10).'],
    ['{"name": "a",\n  "type": webhook}', 'The body is not valid JSON (line 2 column 11).'],
    ['', 'The body is not valid JSON (line 1 column 1).'],
    ['['.repeat(100_000), 'The JSON in the body is nested more than 256 levels deep (line 1 column 257).'],
  ])('that is not JSON is refused, with the place of the fault', async (body, detail) => {
    const answer = await product.call('POST', '/connectors', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ detail, code: 'malformed-json' });
  });

  test('of another kind is told which one is taken', async () => {
    const answer = await product.call('POST', '/connectors', 'name=x', { 'content-type': 'text/plain' });
    expect(answer.status).toBe(415);
    expect(answer.json).toEqual({
      detail: 'Send the body as JSON, with the header "Content-Type: application/json".',
      code: 'unsupported-media-type',
    });
  });

  test('that is missing is told so', async () => {
    const answer = await product.call('POST', '/connectors');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'invalid-request' });
  });

  test('with wrong fields gets all of its problems at once', async () => {
    const answer = await product.call('POST', '/connectors', { mode: 'inbond', colour: 'red' });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      detail:
        'Invalid request. name: is required; type: is required; ' +
        'mode: must be one of "inbound", "sync", "outbound"; colour: is not a known field.',
      code: 'invalid-request',
      problems: [
        { field: 'name', message: 'is required' },
        { field: 'type', message: 'is required' },
        { field: 'mode', message: 'must be one of "inbound", "sync", "outbound"' },
        { field: 'colour', message: 'is not a known field' },
      ],
    });
  });

  test('that nests without an end is refused', async () => {
    const deep = `{"payload": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const answer = await product.call('POST', '/agents/echo/runs', deep);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      problems: [{ field: 'payload', message: 'nests deeper than 500 levels' }],
    });
  });

  test.each(['with its length', 'in chunks'])('that is too large is refused (%s)', async (way) => {
    const large = `{"payload": "${'x'.repeat(26 * 1024 * 1024)}"}`;
    const body = way === 'in chunks' ? new Blob([large]).stream() : large;
    const response = await fetch(`${product.baseUrl}/api/v1/agents/echo/runs`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-admin-token', 'content-type': 'application/json' },
      body,
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ detail: 'The body is larger than 25 MB.', code: 'too-large' });
  });
});

describe('a short list', () => {
  const page = z.looseObject({ items: z.array(z.looseObject({})), next_cursor: z.string().nullable() });
  const list = async (path: string) => page.parse((await product.call('GET', path)).json);

  test.each(['/agents', '/connector-types', '/connection-types'])(
    '%s has all its items on one page, or on pages of the size that is asked for',
    async (path) => {
      const whole = await list(path);
      expect(whole.next_cursor).toBeNull();
      const items: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const part = await list(`${path}?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(part.items.length).toBeLessThanOrEqual(3);
        items.push(...part.items);
        cursor = part.next_cursor;
      }
      expect(items).toEqual(whole.items);
    },
  );

  test.each(['/agents', '/connector-types', '/connection-types', '/budgets', '/attention', '/named-secrets'])(
    '%s refuses another limit or cursor than a list can have',
    async (path) => {
      for (const query of ['limit=0', 'limit=101', 'cursor=x']) {
        expect((await product.call('GET', `${path}?${query}`)).status).toBe(400);
      }
    },
  );
});

describe('a path', () => {
  test('that nothing answers is told where the paths are', async () => {
    const answer = await product.call('GET', '/nothing');
    expect(answer.status).toBe(404);
    expect(answer.json).toEqual({
      detail: 'Path not found. See /api/v1/openapi.json for all paths.',
      code: 'not-found',
    });
  });

  test('with a method that it does not take tells those that it takes', async () => {
    const answer = await product.call('PUT', '/connectors/some-id');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE');
    expect(answer.json).toEqual({
      detail: 'This path supports GET, HEAD, PATCH, DELETE, not PUT.',
      code: 'method-not-allowed',
    });
  });

  test('of a call is not taken for the id of something else', async () => {
    const methods = async (path: string) => (await product.call('OPTIONS', path)).headers.get('allow');
    expect(await methods('/deliveries/redeliver')).toBe('POST');
    expect(await methods('/deliveries/some-id')).toBe('GET, HEAD');
    const answer = await product.call('GET', '/deliveries/redeliver');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  test('tells its methods to who asks, and lets no page of another origin in', async () => {
    const answer = await product.call('OPTIONS', '/runs', undefined, { origin: 'https://example.com' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('trouble on this side', () => {
  test('that passes is 503 with a time to wait, and without internals', async () => {
    const answer = await product.call('GET', '/connectors/away');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(answer.json).toEqual({
      detail: 'The service is busy or its store is unavailable. Try again later.',
      code: 'unavailable',
    });
  });

  test('that keeps a key from being looked up is not called a wrong key', async () => {
    const headers = { authorization: `Bearer ackey_${'k'.repeat(43)}` };
    const answer = await product.call('GET', '/runs', undefined, headers);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(answer.text).not.toContain('disk');
  });

  test('that is a bug is 500 without internals; the log has the rest', async () => {
    const answer = await product.call('GET', '/agents/bug');
    expect(answer.status).toBe(500);
    expect(answer.json).toEqual({
      detail: 'Internal server error. The details were logged.',
      code: 'internal-error',
    });
    expect(product.log.join('')).toContain('cannot read properties of undefined');
  });
});

describe('every answer', () => {
  test('is not to be stored, sniffed or framed', async () => {
    const { headers } = await product.call('GET', '/runs');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  test('comes without its body where only its head is asked for', async () => {
    const { port } = new URL(product.baseUrl);
    const socket = connect(Number(port), '127.0.0.1');
    const authorization = 'Authorization: Bearer test-admin-token';
    socket.write(
      `HEAD /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n${authorization}\r\nConnection: close\r\n\r\n`,
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\n\r\n$/);
  });
});
