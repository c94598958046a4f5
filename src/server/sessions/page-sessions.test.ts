import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { adminToken, type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { openPageSessions } from '../stored-page-sessions.ts';

let folder: string;
let file: string;
let product: RunningProduct;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-sessions-'));
  file = join(folder, 'sessions.json');
  product = await runProduct({ server: { sessionsFile: file } });
});

afterAll(async () => {
  await product.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Sent {
  readonly method?: string;
  readonly cookie?: string;
  readonly token?: string;
  /** Default: those of the dashboard. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends a request like a page of the dashboard, or like a foreign page. */
async function send(path: string, { method = 'GET', cookie, token, headers, body }: Sent = {}) {
  const fromPage = { 'x-connectors-page': '1', origin: product.baseUrl, 'sec-fetch-site': 'same-origin' };
  return fetch(`${product.baseUrl}/api/v1${path}`, {
    method,
    headers: {
      ...(headers ?? fromPage),
      ...(cookie === undefined ? {} : { cookie }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const given = (answer: Response) => answer.headers.get('set-cookie') ?? '';
const cookieIn = (answer: Response) => given(answer).split(';')[0] ?? '';

async function signIn(token = adminToken): Promise<string> {
  return cookieIn(await send('/session', { method: 'POST', token }));
}

async function makeLink(): Promise<string> {
  const answer = await send('/sign-in-links', { method: 'POST', token: adminToken, headers: {} });
  return z.object({ path: z.string() }).parse(await answer.json()).path;
}

async function who(cookie?: string): Promise<unknown> {
  return (await send('/session', cookie === undefined ? {} : { cookie })).json();
}

const admin = { caller: { name: 'admin-token', role: 'operator' } };

describe('a session of the dashboard', () => {
  test('is a cookie that no script, no other site, and no webhook sees', async () => {
    const answer = await send('/session', { method: 'POST', token: adminToken });
    expect(await answer.json()).toEqual(admin);
    const { port } = new URL(product.baseUrl);
    expect(given(answer)).toMatch(
      new RegExp(
        `^connectors-session-${port}=[\\w-]{43}; Max-Age=1209600; Path=/api/v1; HttpOnly; SameSite=Strict$`,
      ),
    );
    expect((await send('/agents', { cookie: cookieIn(answer) })).status).toBe(200);
  });

  test('is nobody without a cookie, and none for a wrong token', async () => {
    expect(await who()).toEqual({ caller: null });
    expect(await who('connectors-session-1=x')).toEqual({ caller: null });
    const refused = await send('/session', { method: 'POST', token: 'wrong' });
    expect([refused.status, given(refused)]).toEqual([401, '']);
  });

  test('may do what its token may, and ends with it', async () => {
    const made = await product.call('POST', '/api-keys', { name: 'reader', role: 'viewer' });
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(made.json);
    const cookie = await signIn(key);
    expect(await who(cookie)).toEqual({ caller: { name: 'reader', role: 'viewer' } });
    expect((await send('/agents/echo/runs', { method: 'POST', cookie, body: { payload: 1 } })).status).toBe(
      403,
    );
    await product.call('DELETE', `/api-keys/${id}`);
    const ended = await send('/agents', { cookie });
    expect([ended.status, await ended.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'api-key-ended' }),
    ]);
  });

  test('ends for all tabs when somebody signs out', async () => {
    const cookie = await signIn();
    const out = await send('/session', { method: 'DELETE', cookie });
    expect([out.status, given(out)]).toEqual([204, expect.stringMatching(/=; Max-Age=0; Path=\/api\/v1/)]);
    expect((await send('/agents', { cookie })).status).toBe(401);
  });

  test('stands in the audit log', async () => {
    const log = await product.call('GET', '/audit-log?limit=100');
    const actions = z.object({ items: z.array(z.object({ action: z.string() })) }).parse(log.json).items;
    expect(new Set(actions.map(({ action }) => action))).toEqual(
      new Set(['session.started', 'session.ended', 'api-key.created', 'api-key.revoked']),
    );
  });

  test('survives a restart, in a file that is useless without the cookie', async () => {
    const cookie = await signIn();
    const text = await readFile(file, 'utf8');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const value = cookie.split('=')[1] ?? '';
    expect(text).not.toContain(value);
    expect(text).not.toContain(adminToken);
    const log = { info() {}, warn() {}, error() {} };
    const settings = { file, clock: Date.now, log, port: () => '1' };
    expect((await openPageSessions(settings)).tokenOf(value)).toBe(adminToken);
    const later = { ...settings, clock: () => Date.now() + 15 * 24 * 3_600_000 };
    expect((await openPageSessions(later)).tokenOf(value)).toBeNull();
  });
});

describe('a request with the cookie that the page did not send', () => {
  const host = () => new URL(product.baseUrl).host;
  const foreign: readonly [string, () => Record<string, string>][] = [
    ['a form of another site', () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })],
    ['another port of this host', () => ({ origin: 'http://127.0.0.1:1', 'x-connectors-page': '1' })],
    ['a page without an origin', () => ({ origin: 'null', 'x-connectors-page': '1' })],
    ['a link', () => ({ 'sec-fetch-site': 'none' })],
    [
      'a script of the same site',
      () => ({ origin: `http://${host()}`, 'sec-fetch-site': 'same-site', 'x-connectors-page': '1' }),
    ],
    ['a page of our own origin without the header', () => ({ origin: `http://${host()}` })],
    ['a program that names no origin', () => ({ 'x-connectors-page': '1' })],
  ];

  test.each(foreign)('is refused: %s', async (_what, headers) => {
    const cookie = await signIn();
    const body = { payload: 1 };
    const answer = await send('/agents/echo/runs', { method: 'POST', cookie, headers: headers(), body });
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'origin-not-allowed' }),
    ]);
  });

  test('starts and ends no session', async () => {
    const cookie = await signIn();
    const headers = { origin: 'https://evil.example', 'x-connectors-page': '1' };
    expect((await send('/session', { method: 'POST', token: adminToken, headers })).status).toBe(403);
    expect((await send('/session', { method: 'DELETE', cookie, headers })).status).toBe(403);
    expect(await who(cookie)).toEqual(admin);
  });

  test('is judged by its token where it has one', async () => {
    const headers = { origin: 'https://evil.example' };
    expect((await send('/agents', { token: adminToken, headers })).status).toBe(200);
  });
});

describe('a sign-in link', () => {
  test('starts one session, once', async () => {
    const code = (await makeLink()).split('#sign-in=')[1] ?? '';
    const first = await send('/session', { method: 'POST', body: { code } });
    expect(await who(cookieIn(first))).toEqual(admin);
    const second = await send('/session', { method: 'POST', body: { code } });
    expect([second.status, given(second)]).toEqual([401, '']);
    expect(await second.json()).toMatchObject({ detail: expect.stringContaining('already used') });
  });

  test('has its code where no server and no log sees it, and is good for 15 minutes', async () => {
    expect(await makeLink()).toMatch(/^\/#sign-in=[\w-]{43}$/);
    expect(product.log.join('')).not.toContain('sign-in=');
    let now = 0;
    const log = { info() {}, warn() {}, error() {} };
    const sessions = await openPageSessions({ file: null, clock: () => now, log, port: () => '1' });
    const { path, expiresAt } = sessions.makeLink('token');
    now = 15 * 60_000;
    expect([expiresAt, sessions.redeem(path.split('=')[1] ?? '')]).toEqual([now, null]);
  });

  test('is made for operators only', async () => {
    expect((await send('/sign-in-links', { method: 'POST' })).status).toBe(401);
  });
});
