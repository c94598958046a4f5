import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { RetryableError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { createApiKey, verifyApiKey } from './api-keys.ts';

const minuteMs = 60_000;

let still: StillEngine;
beforeEach(async () => {
  still = await openStillEngine({});
});
afterEach(() => still.close());

async function makeKey(expiresInSeconds: number | null = null): Promise<string> {
  const created = await createApiKey(still.engine, 'ada', { name: 'ci', role: 'viewer', expiresInSeconds });
  if (created.outcome === 'refused') throw new Error(created.detail);
  return created.text;
}

async function lastUse(): Promise<number | null | undefined> {
  return (await still.engine.apiKeys.list({ limit: 1, cursor: null })).items[0]?.lastUsedAt;
}

/** The engine, with a store that counts its reads and cannot write. */
function readOnly(engine: Engine, onRead: () => void = () => undefined): Engine {
  return {
    ...engine,
    apiKeys: {
      ...engine.apiKeys,
      get(keyId) {
        onRead();
        return engine.apiKeys.get(keyId);
      },
      noteUse: () => Promise.reject(new RetryableError('the disk is full')),
    },
  };
}

describe('verifying an API key', () => {
  test('says whose it is until it expires, and then since when it is not', async () => {
    const text = await makeKey(60);
    still.now += minuteMs - 1;
    expect(await verifyApiKey(still.engine, text)).toMatchObject({
      outcome: 'valid',
      apiKey: { name: 'ci', role: 'viewer', createdBy: 'ada' },
    });
    still.now += 1;
    expect(await verifyApiKey(still.engine, text)).toEqual({
      outcome: 'ended',
      detail: 'The API key "ci" has expired (2026-11-22T12:01:00.000Z); ask an operator for a new one.',
    });
  });

  test('notes its use once an hour, so that calls cost no write each', async () => {
    const text = await makeKey();
    expect(await lastUse()).toBeNull();
    const first = still.now;
    await verifyApiKey(still.engine, text);
    still.now += 59 * minuteMs;
    await verifyApiKey(still.engine, text);
    expect(await lastUse()).toBe(first);
    still.now += minuteMs;
    await verifyApiKey(still.engine, text);
    expect(await lastUse()).toBe(still.now);
  });

  test('lets its holder in where the use cannot be noted', async () => {
    const text = await makeKey();
    expect(await verifyApiKey(readOnly(still.engine), text)).toMatchObject({ outcome: 'valid' });
  });

  test('does not know a key of which only the beginning is right', async () => {
    const text = await makeKey();
    const other = `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`;
    expect(await verifyApiKey(still.engine, other)).toEqual({ outcome: 'unknown' });
  });

  test('asks the store for nothing that does not look like a key', async () => {
    let reads = 0;
    const counting = readOnly(still.engine, () => {
      reads += 1;
    });
    for (const token of ['admin', 'ackey_', `ackey_${'!'.repeat(43)}`, 'a.b.c'])
      expect(await verifyApiKey(counting, token)).toEqual({ outcome: 'unknown' });
    expect(reads).toBe(0);
    await verifyApiKey(counting, await makeKey());
    expect(reads).toBe(1);
  });
});
