import { z } from 'zod';
import type { ConnectorSecrets } from '../../core/connector-secrets.ts';
import { noSecrets, type SecretStore } from '../../core/ports/secret-store.ts';
import { expiringCache } from './expiring-cache.ts';
import { jsonText } from './json-text.ts';
import { secretsKey } from './keys.ts';
import type { SecretKeys } from './secret-keys.ts';
import type { Table } from './table.ts';

const storedSecrets = z.object({ keyId: z.string(), sealed: z.instanceof(Uint8Array) });

const connectorSecrets = z.object({
  current: z.string().nullable(),
  previous: z.object({ secret: z.string(), expiresAt: z.number() }).nullable(),
  config: z.record(z.string(), z.string()),
});

/**
 * The secrets of each connector in a record of its own, sealed with the deployment's key from Secrets Manager.
 *
 * @param cacheMs how old an answer may be; sealed text is what is remembered, so no plain secret outlives its use
 */
export function secretStore(
  table: Table,
  keys: SecretKeys,
  cacheMs: number,
  clock: () => number,
): SecretStore {
  const cache = expiringCache<z.infer<typeof storedSecrets>>(cacheMs);
  const read = async (connectorId: string) => {
    const cached = cache.get(connectorId, clock());
    if (cached !== null) return cached;
    const item = await table.get(secretsKey(connectorId));
    if (item === null) return null;
    const sealed = storedSecrets.parse(item);
    cache.set(connectorId, sealed, clock());
    return sealed;
  };
  return {
    async get(connectorId): Promise<ConnectorSecrets> {
      const sealed = await read(connectorId);
      if (sealed === null) return noSecrets;
      return connectorSecrets.parse(jsonText.parse(await keys.open(sealed, connectorId)));
    },
    async put(connectorId, secrets) {
      cache.forget(connectorId);
      const sealed = await keys.seal(JSON.stringify(secrets), connectorId);
      await table.put({ ...secretsKey(connectorId), ...sealed });
    },
    async delete(connectorId) {
      cache.forget(connectorId);
      await table.delete(secretsKey(connectorId));
    },
  };
}
