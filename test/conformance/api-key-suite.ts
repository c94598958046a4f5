import { describe, expect, test } from '@jest/globals';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someKey } from './samples.ts';

/** Keys of programs that call the management API. */
export function describeApiKeys(open: OpenPorts): void {
  describe('API keys', () => {
    const ports = freshPorts(open);

    test('are kept as they are, with their use and their end', async () => {
      const { apiKeys } = ports();
      const key = someKey({ role: 'viewer', expiresAt: noon + 1 });
      expect(await apiKeys.create(key)).toBe('created');
      expect(await apiKeys.get(key.keyId)).toEqual(key);
      await apiKeys.noteUse(key.keyId, noon + 2);
      expect(await apiKeys.get(key.keyId)).toEqual({ ...key, lastUsedAt: noon + 2 });
      await apiKeys.revoke(key, noon + 3);
      const revoked = { ...key, lastUsedAt: noon + 2, revokedAt: noon + 3 };
      expect(await apiKeys.get(key.keyId)).toEqual(revoked);
      await apiKeys.noteUse('unknown', noon);
      expect(await apiKeys.get('unknown')).toBeNull();
    });

    test('have a name each, which is free again once its key is revoked', async () => {
      const { apiKeys } = ports();
      const [first, second] = [someKey(), someKey()];
      const created = await Promise.all([first, second].map((key) => apiKeys.create(key)));
      expect(created.toSorted()).toEqual(['created', 'name-taken']);
      const [held, refused] = created[0] === 'created' ? [first, second] : [second, first];
      expect(await apiKeys.get(refused.keyId)).toBeNull();
      await apiKeys.revoke(held, noon);
      expect(await apiKeys.create(refused)).toBe('created');
    });

    test('that are revoked twice leave the name to the key that has it now', async () => {
      const { apiKeys } = ports();
      const [old, next] = [someKey(), someKey()];
      await apiKeys.create(old);
      await apiKeys.revoke(old, noon);
      await apiKeys.create(next);
      await apiKeys.revoke(old, noon + 1);
      expect(await apiKeys.create(someKey())).toBe('name-taken');
      expect(await apiKeys.get(old.keyId)).toMatchObject({ revokedAt: noon });
    });

    test('are listed newest first', async () => {
      const { apiKeys } = ports();
      const keys = [1, 2, 3].map((n) => someKey({ name: `key ${n}`, createdAt: noon + n }));
      for (const key of keys) await apiKeys.create(key);
      const first = await apiKeys.list({ limit: 2, cursor: null });
      expect(first.items).toEqual([keys[2], keys[1]]);
      expect(await apiKeys.list({ limit: 2, cursor: first.nextCursor })).toEqual({
        items: [keys[0]],
        nextCursor: null,
      });
    });
  });
}
