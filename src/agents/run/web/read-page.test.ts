import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalServer, serveLocally } from '../../../../test/local-server.ts';
import { readPage } from './read-page.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const article = `<!doctype html><html><head><title>Tides explained</title><script>track()</script></head>
<body><nav><a href="/">Home</a><a href="/shop">Shop</a></nav>
<article><h1>Tides explained</h1>
<p>The moon pulls the water of the oceans, and the earth turns below it, so most coasts have two high tides a day.</p>
<p>Read more about <a href="../moon?phase=full">the moon</a>, and about <em>spring tides</em>, which come with a full moon.</p>
<table><thead><tr><th>Place</th><th>Range</th></tr></thead><tbody><tr><td>Fundy</td><td>16 m</td></tr></tbody></table>
<pre><code>height = mean + range</code></pre>
</article><footer>Cookies and more</footer></body></html>`;

const html = { 'content-type': 'text/html; charset=utf-8' };

const pages: Readonly<Record<string, Answer>> = {
  '/sea/tides': { headers: html, body: article },
  '/gzip': { headers: { ...html, 'content-encoding': 'gzip' }, body: gzipSync(article) },
  '/brotli': { headers: { ...html, 'content-encoding': 'br' }, body: brotliCompressSync(article) },
  '/moved': { status: 301, headers: { location: '/sea/tides' } },
  '/inside': { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } },
  '/round': { status: 302, headers: { location: '/round' } },
  '/latin': {
    headers: { 'content-type': 'text/html' },
    body: Buffer.from('<meta charset="iso-8859-1"><p>caf\xe9</p>', 'latin1'),
  },
  '/plain': { headers: { 'content-type': 'text/plain' }, body: '# As it is\n' },
  '/data': { headers: { 'content-type': 'application/json' }, body: '{"tide": "high"}' },
  '/paper': { headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.7' },
  '/large': { headers: html, body: `<p>${'x'.repeat(3_100_000)}</p>` },
  '/bomb': {
    headers: { ...html, 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(50_000_000)),
  },
  '/deep': { headers: html, body: `${'<div>'.repeat(5_000)}deep` },
  '/many': { headers: html, body: '<p>one</p>'.repeat(60_000) },
  '/broken': { headers: { ...html, 'content-encoding': 'gzip' }, body: 'not compressed' },
};

describe('reading a web page', () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await serveLocally((request, response) => {
      const { status = 200, headers = {}, body } = pages[request.url ?? ''] ?? { status: 404 };
      response.writeHead(status, headers).end(body);
    });
  });
  afterAll(() => server.stop());

  const read = (input: object, allowed = '1') =>
    readPage(input, { env: { ALLOW_PRIVATE_TARGETS: allowed }, now: Date.now }, new AbortController().signal);
  const readPath = (path: string, more: object = {}) => read({ url: `${server.url}${path}`, ...more });

  test('returns the article as Markdown, without what stands around it', async () => {
    const page = await readPath('/sea/tides');
    expect(page).toMatchObject({
      status: 'read',
      url: `${server.url}/sea/tides`,
      title: 'Tides explained',
      text: expect.stringContaining('The moon pulls the water'),
    });
    const { text } = Object(page);
    expect(text).toContain(`[the moon](${server.url}/moon?phase=full)`);
    expect(text).toContain('| Fundy | 16 m |');
    expect(text).toContain('```\nheight = mean + range\n```');
    for (const noise of ['track', 'Shop', 'Cookies']) expect(text).not.toContain(noise);
    expect(page).not.toHaveProperty('next_start');
  });

  test.each(['/gzip', '/brotli'])('reads a compressed page (%s)', async (path) => {
    expect(await readPath(path)).toMatchObject({ title: 'Tides explained' });
  });

  test('follows redirects, and says where they led', async () => {
    expect(await readPath('/moved')).toMatchObject({ status: 'read', url: `${server.url}/sea/tides` });
  });

  test('reads the charset that the page names', async () => {
    expect(await readPath('/latin')).toMatchObject({ text: 'café' });
  });

  test.each([
    ['/plain', '# As it is\n'],
    ['/data', '{"tide": "high"}'],
  ])('returns text that is not HTML as it is (%s)', async (path, text) => {
    expect(await readPath(path)).toEqual({ status: 'read', url: `${server.url}${path}`, text });
  });

  test('returns a long page in parts, each saying where the next one begins', async () => {
    const whole = String(Object(await readPath('/sea/tides')).text);
    const parts: string[] = [];
    for (let start: number | undefined = 0; start !== undefined; ) {
      const part: Record<string, unknown> = Object(
        await readPath('/sea/tides', { start, max_characters: 100 }),
      );
      parts.push(String(part['text']));
      start = part['next_start'] === undefined ? undefined : Number(part['next_start']);
    }
    expect(parts.join('')).toBe(whole);
    expect(parts.length).toBe(Math.ceil(whole.length / 100));
  });

  test.each([
    ['/nowhere', 'The server responded with 404.'],
    ['/paper', 'This is not a page but a file of the type application/pdf.'],
    ['/large', 'The page has more than 3 MB.'],
    ['/bomb', 'The page has more than 3 MB.'],
    ['/deep', 'The page has too many elements to be read.'],
    ['/many', 'The page has too many elements to be read.'],
    ['/round', 'The page redirects more than 20 times.'],
    ['/broken', 'The page is damaged: it cannot be decompressed.'],
  ])('gives the reason if it cannot read a page (%s)', async (path, reason) => {
    expect(await readPath(path)).toEqual({ status: 'failed', reason });
  });

  test('refuses addresses inside the network, from the start and by a redirect', async () => {
    expect(await read({ url: `${server.url}/sea/tides` }, '0')).toEqual({
      status: 'failed',
      reason: expect.stringContaining('ALLOW_PRIVATE_TARGETS'),
    });
    expect(await read({ url: `${server.url}/inside` })).toEqual({
      status: 'failed',
      reason: 'The target has a special-purpose address, which is always blocked.',
    });
    expect(await read({ url: 'file:///etc/passwd' })).toMatchObject({ status: 'failed' });
    expect(await read({ url: 'no address' })).toEqual({
      status: 'failed',
      reason: 'The URL is not valid: it must be like https://example.com/page.',
    });
  });

  test('ends with its run', async () => {
    const controller = new AbortController();
    const hanging = await serveLocally(() => controller.abort(new Error('cancelled')));
    const reading = readPage(
      { url: hanging.url },
      { env: { ALLOW_PRIVATE_TARGETS: '1' }, now: Date.now },
      controller.signal,
    );
    await expect(reading).rejects.toThrow();
    await hanging.stop();
  });
});
