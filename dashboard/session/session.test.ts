import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { keepDraft, readDraft } from '../parts/use-draft.ts';
import { sessionOf } from './renew-by-cognito.ts';
import { currentToken, endSession, renewBy, renewToken, signIn, whySignedOut } from './session.ts';
import { readSession } from './stored-session.ts';

/** A fake of the browser's storage for a tab. */
function storage() {
  const kept: Record<string, string> = {};
  return Object.defineProperties(kept, {
    getItem: { value: (name: string) => kept[name] ?? null },
    setItem: { value: (name: string, text: string) => void Object.assign(kept, { [name]: text }) },
    removeItem: { value: (name: string) => Reflect.deleteProperty(kept, name) },
  });
}

/** Roles that the fake API grants, by token. */
const roles = new Map<string, string>();
const api = createServer((request, response) => {
  const role = roles.get(request.headers.authorization?.replace('Bearer ', '') ?? '');
  response.writeHead(role === undefined ? 401 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(role === undefined ? { detail: 'No.', code: 'no' } : { name: 'ada', role }));
});
const { fetch } = globalThis;

beforeAll(async () => {
  await once(api.listen(0, '127.0.0.1'), 'listening');
  const address = api.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  Object.assign(globalThis, {
    sessionStorage: storage(),
    fetch: (path: string, options: RequestInit) => fetch(`${url}${path}`, options),
  });
});
afterAll(async () => {
  Object.assign(globalThis, { fetch });
  Reflect.deleteProperty(globalThis, 'sessionStorage');
  api.closeAllConnections();
  await once(api.close(), 'close');
});

describe('a session whose token is renewed', () => {
  let left = false;
  beforeEach(() => {
    roles.clear();
    left = false;
    signIn({ token: 'first', caller: { name: 'ada', role: 'operator' } });
    const leave = async () => {
      left = true;
    };
    renewBy({ renew: () => sessionOf('second'), leave });
  });

  test('takes with it what was typed', () => {
    keepDraft('run echo', '{}');
    endSession();
    expect(readDraft('run echo')).toBeNull();
  });

  test('has the role that the user has now', async () => {
    roles.set('second', 'viewer');
    expect(await Promise.all([renewToken(), renewToken()])).toEqual(['second', 'second']);
    expect(readSession()).toEqual({ token: 'second', caller: { name: 'ada', role: 'viewer' } });
    expect(await currentToken()).toBe('second');
  });

  test('ends where the user may do nothing any more', async () => {
    expect(await renewToken()).toBeNull();
    expect([readSession(), await currentToken(), whySignedOut(), left]).toEqual([null, null, 'ended', true]);
  });

  test('stays as it was where nobody answers', async () => {
    renewBy({ renew: () => Promise.reject(new Error('away')), leave: async () => undefined });
    await expect(renewToken()).rejects.toThrow('away');
    expect(await currentToken()).toBe('first');
  });
});
