import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { serveDescription } from './serve-description.ts';

const undo: (() => void)[] = [];

afterEach(() => {
  for (const one of undo.splice(0)) one();
});

/** A server with the description that an API returns; any other path is 404. */
async function serve(answers: readonly Response[]) {
  const asked: string[] = [];
  const waiting = [...answers];
  const description = serveDescription(({ url }) => {
    asked.push(url);
    return waiting.shift() ?? Response.error();
  });
  const server = createServer((request, response) => {
    if (!description(request, response, request.url ?? '')) response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  const ask = (init: RequestInit = {}, path = '/api/v1/openapi.json') =>
    fetch(`http://127.0.0.1:${address.port}${path}`, init);
  return { ask, asked };
}

function described() {
  return new Response('{"openapi":"3.1.0"}', {
    headers: { etag: '"a"', 'content-type': 'application/json' },
  });
}

test('the API is asked once, however many ask for its description', async () => {
  const { ask, asked } = await serve([described()]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
    Array(20).fill('{"openapi":"3.1.0"}'),
  );
  expect((await ask({ method: 'HEAD' })).headers.get('content-length')).toBe('19');
  expect(asked).toHaveLength(1);
});

test('whoever knows the description is not sent it again', async () => {
  const { ask } = await serve([described()]);
  const { status, headers } = await ask({ headers: { 'if-none-match': '"a"' } });
  expect([status, headers.get('etag'), headers.get('content-type')]).toEqual([304, '"a"', null]);
});

test('an answer that is no description is not kept', async () => {
  const { ask } = await serve([new Response('{}', { status: 500 }), described()]);
  expect((await ask()).status).toBe(500);
  expect((await ask()).status).toBe(200);
});

test('everything else is left to the API', async () => {
  const { ask, asked } = await serve([]);
  expect((await ask({ method: 'POST' })).status).toBe(404);
  expect((await ask({}, '/api/v1/runs')).status).toBe(404);
  expect(asked).toHaveLength(0);
});
