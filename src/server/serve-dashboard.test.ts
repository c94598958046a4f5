import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken, type RunningProduct, runProduct } from '../../test/running-product.ts';

const script = 'console.log("the page")';
let folder: string;
let product: RunningProduct;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
  await mkdir(join(folder, 'assets'));
  const files = {
    'index.html': '<!doctype html><title>page</title>',
    'index.html.br': 'brotli page',
    'favicon.svg': '<svg/>',
    'assets/index-1a2b.js': script,
    'assets/index-1a2b.js.br': 'brotli script',
    'assets/index-1a2b.js.gz': 'gzip script',
    'assets/notes.txt': 'not for the world',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  product = await runProduct({ server: { dashboardFolder: folder } });
});

afterAll(async () => {
  await product.stop();
  await rm(folder, { recursive: true });
});

/** The raw response: `fetch` would decode the body and normalize the path. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET', url = product.baseUrl) {
  const { hostname, port } = new URL(url);
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      sent.on('error', reject).end();
    },
  );
}

describe('the dashboard', () => {
  test('every page of the dashboard can be loaded at its own address', async () => {
    const routes = await readFile(join(import.meta.dirname, '../../dashboard/pages.tsx'), 'utf8');
    const paths = [...routes.matchAll(/<Route path="([^"]+)"/g)].map(([, path = '']) => path);
    expect(paths).toContain('/triggers/:id');
    for (const path of paths) {
      const { status, body } = await get(path.replace(/:\w+/, 'some'));
      expect({ path, status, body }).toEqual({
        path,
        status: 200,
        body: '<!doctype html><title>page</title>',
      });
    }
  });

  test.each([
    '/',
    '/agents',
    '/agents/a-name',
    '/connectors/new?type=webhook',
    '/connections/1',
    '/runs/1',
    '/settings',
  ])('has its page at %s', async (path) => {
    const answer = await get(path);
    expect(answer).toMatchObject({ status: 200, body: '<!doctype html><title>page</title>' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
  });

  test.each([
    ['br, gzip', 'br', 'brotli script'],
    ['gzip;q=0.5, br;q=0', 'gzip', 'gzip script'],
    ['identity', undefined, script],
    ['', undefined, script],
  ])('to who accepts "%s" it is sent as %s', async (accepted, coding, body) => {
    const answer = await get('/assets/index-1a2b.js', { 'accept-encoding': accepted });
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(answer.headers).toMatchObject({
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  test('says before the sign-in that a token is what it takes', async () => {
    const answer = await get('/page-settings.json');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body)).toEqual({ sign_in: { way: 'token' }, base_url: null });
    expect(await get('/page-settings.json', {}, 'POST')).toMatchObject({ status: 405 });
  });

  test('a HEAD gets the headers only', async () => {
    const answer = await get('/favicon.svg', {}, 'HEAD');
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'content-length': '6' });
  });

  test.each([
    '/assets/none.js',
    '/assets/notes.txt',
    '/assets/index-1a2b.js.br',
    '/assets/../../package.json',
  ])('has no file at %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404 });
  });

  test('no page of it tells the token', async () => {
    expect((await get('/')).body).not.toContain(adminToken);
  });

  test('where it was not built, it says how to build it, and the rest goes on', async () => {
    const bare = await runProduct({ server: { dashboardFolder: join(folder, 'nothing') } });
    const answer = await get('/agents', {}, 'GET', bare.baseUrl);
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('npm run dashboard');
    expect(await get('/health', {}, 'GET', bare.baseUrl)).toMatchObject({ status: 200 });
    await bare.stop();
  });
});
