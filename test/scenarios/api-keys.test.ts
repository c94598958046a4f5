import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { watchEvents } from './event-stream.ts';
import { operatorOf } from './operator.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const apiKey = z.looseObject({
  id: z.string(),
  name: z.string(),
  role: z.enum(['operator', 'viewer']),
  status: z.enum(['active', 'expired', 'revoked']),
  begins_with: z.string(),
  created_by: z.string(),
  last_used_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable(),
});
const createdKey = apiKey.extend({ key: z.string().regex(/^ackey_[\w-]{43}$/) });

let made = 0;

/** A name that no scenario had before, also on a system that keeps what earlier ones made. */
const nameOf = (what: string) => `${what} ${process.pid}-${made++}`;

async function makeKey(given: Record<string, unknown> = {}) {
  const draft = { name: nameOf('scenario'), role: 'operator', ...given };
  const answer = await operator.call('POST', '/api-keys', draft);
  expect(answer.status).toBe(201);
  return createdKey.parse(answer.json);
}

/** Who calls with a key. */
const holderOf = (key: string) =>
  operatorOf({
    get baseUrl() {
      return target.baseUrl;
    },
    token: key,
  });

const listed = async (id: string) =>
  (await operator.all(apiKey, '/api-keys')).find((listedKey) => listedKey.id === id);

describe('an API key', () => {
  test('lets a program in, whose name then stands in the audit log', async () => {
    const { key, ...shown } = await makeKey();
    const connector = await holderOf(key).createConnector({ mode: 'inbound', agents: ['echo'] });
    const { json } = await operator.call('GET', `/audit-log?subject=${connector.id}`);
    expect(json).toMatchObject({ items: [{ action: 'connector.created', actor: shown.name }] });
    await operator.delete(connector.id);
    const used = await listed(shown.id);
    expect(used).toEqual({ ...shown, last_used_at: expect.any(String) });
    await operator.call('DELETE', `/api-keys/${shown.id}`);
  });

  test('lets a program watch events, and that is a use of it', async () => {
    const { key, id } = await makeKey({ role: 'viewer' });
    const watching = new AbortController();
    const url = `${target.baseUrl}/api/v1/events`;
    await watchEvents(url, key, () => undefined, watching.signal);
    watching.abort();
    expect(await listed(id)).toMatchObject({ last_used_at: expect.any(String) });
    await operator.call('DELETE', `/api-keys/${id}`);
  });

  test('is shown once, and nowhere else', async () => {
    const { key, id, begins_with } = await makeKey();
    expect(key.startsWith(begins_with)).toBe(true);
    for (const path of ['/api-keys', `/audit-log?subject=${id}`])
      expect((await operator.call('GET', path)).text).not.toContain(key);
    await operator.call('DELETE', `/api-keys/${id}`);
  });

  test('of a viewer looks at everything but secrets and keys, and changes nothing', async () => {
    const { key, id } = await makeKey({ role: 'viewer' });
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const viewer = holderOf(key);
    expect(await viewer.connector(connector.id)).toMatchObject({ id: connector.id });
    for (const [method, path] of [
      ['GET', `/connectors/${connector.id}/secret`],
      ['GET', '/api-keys'],
      ['GET', '/%61pi-keys'],
      ['POST', '/connector-types/webhook/test'],
      ['POST', '/api-keys'],
      ['DELETE', `/api-keys/${id}`],
      ['PATCH', `/connectors/${connector.id}`],
      ['POST', '/agents/echo/runs'],
    ] as const) {
      const refused = await viewer.call(method, path, method === 'POST' ? {} : undefined);
      expect(refused.status).toBe(403);
      expect(wire.refusal.parse(refused.json)).toMatchObject({
        code: 'forbidden',
        detail: 'Only operators can do this. Viewers can read everything except secrets and API keys.',
      });
    }
    await operator.call('DELETE', `/api-keys/${id}`);
  });

  test('that is revoked is refused from the next call on, and stays in the list', async () => {
    const { key, id, name } = await makeKey();
    expect((await holderOf(key).call('GET', '/runs')).status).toBe(200);
    expect((await operator.call('DELETE', `/api-keys/${id}`)).status).toBe(204);
    const refused = await holderOf(key).call('GET', '/runs');
    expect(refused.status).toBe(401);
    expect(wire.refusal.parse(refused.json)).toMatchObject({
      code: 'api-key-ended',
      detail: expect.stringMatching(
        new RegExp(`^The API key "${name}" was revoked \\(20.+Z\\); ask an operator for a new one\\.$`),
      ),
    });
    expect(await listed(id)).toMatchObject({ status: 'revoked' });
    expect((await operator.call('DELETE', `/api-keys/${id}`)).status).toBe(204);
    const { json } = await operator.call('GET', `/audit-log?subject=${id}`);
    expect(json).toMatchObject({ items: [{ action: 'api-key.revoked' }, { action: 'api-key.created' }] });
  });

  test('has a name of its own until it is revoked', async () => {
    const { id, name } = await makeKey();
    const otherCase = await makeKey({ name: name.toUpperCase() });
    expect(otherCase.name).not.toBe(name);
    await operator.call('DELETE', `/api-keys/${otherCase.id}`);
    const taken = await operator.call('POST', '/api-keys', { name, role: 'viewer' });
    expect(taken.status).toBe(409);
    expect(wire.refusal.parse(taken.json)).toMatchObject({
      code: 'name-taken',
      detail: `An API key named "${name}" already exists. Revoke it, or use another name.`,
    });
    await operator.call('DELETE', `/api-keys/${id}`);
    const again = await makeKey({ name });
    await operator.call('DELETE', `/api-keys/${again.id}`);
  });

  test.each([
    ['no name', { name: ' ' }, 'Invalid request. name: is required.'],
    ['a name with strange characters', { name: 'a\nb' }, /name: must start with a letter or digit and have/],
    ['a name of somebody else in the audit log', { name: 'Admin-Token' }, /name: is reserved/],
    ['an unknown role', { role: 'king' }, /role: must be one of "operator", "viewer"/],
    ['no time to live', { expires_in_seconds: 0 }, /expires_in_seconds: must be at least 60/],
  ])('is not made with %s', async (_title, given, detail) => {
    const draft = { name: nameOf('refused'), role: 'viewer', ...given };
    const refused = await operator.call('POST', '/api-keys', draft);
    expect(refused.status).toBe(400);
    expect(wire.refusal.parse(refused.json).detail).toMatch(detail);
  });

  test('that is not there cannot be revoked', async () => {
    const refused = await operator.call('DELETE', '/api-keys/nope');
    expect(refused.status).toBe(404);
    expect(wire.refusal.parse(refused.json)).toEqual({
      code: 'api-key-not-found',
      detail: 'There is no API key with the id "nope".',
    });
  });

  test('that nobody made lets nobody in', async () => {
    const refused = await holderOf(`ackey_${'A'.repeat(43)}`).call('GET', '/runs');
    expect(refused.status).toBe(401);
    expect(wire.refusal.parse(refused.json).detail).toMatch(/^The token is missing or wrong/);
  });
});
