import * as z from 'zod';
import type { ConnectorSecrets } from '../../../core/connectors/connector-secrets.ts';
import type { OpenConnector } from '../../../core/ports/engine.ts';
import { noSecrets, type SecretStore } from '../../../core/ports/secret-store.ts';
import { untilReplaced } from '../../until-replaced.ts';
import { expiringCache } from '../store/expiring-cache.ts';
import type { Condition } from '../store/expressions.ts';
import { connectorKey, secretsKey } from '../store/keys.ts';
import { jsonText } from '../store/payload-objects.ts';
import type { Item, Table } from '../store/table.ts';
import type { SecretKeys } from './secret-keys.ts';
import { connectorOf } from './stored-connector.ts';

const storedSecrets = z.object({ keyId: z.string(), sealed: z.instanceof(Uint8Array) });
type StoredSecrets = z.infer<typeof storedSecrets>;

export const connectorSecrets = z.object({
  current: z.string().nullable(),
  previous: z.object({ secret: z.string(), expiresAt: z.number() }).nullable(),
  config: z.record(z.string(), z.string()),
});

interface SealedSecrets extends SecretStore {
  /** The secrets in a connector's record; empty without a record. */
  open(connectorId: string, item: Item | null): Promise<ConnectorSecrets>;
}

/**
 * Keeps the secrets of each connector in a separate record, sealed with the deployment's key from Secrets Manager.
 *
 * @param cacheMs maximum age of an answer. Only sealed text is cached, so no plain secret outlives its use
 */
export function secretStore(
  table: Table,
  keys: SecretKeys,
  cacheMs: number,
  clock: () => number,
): SealedSecrets {
  const cache = expiringCache<StoredSecrets>(cacheMs);
  const read = async (connectorId: string): Promise<StoredSecrets | null> => {
    const item = await table.get(secretsKey(connectorId));
    return item === null ? null : storedSecrets.parse(item);
  };
  const readCached = async (connectorId: string) => {
    const cached = cache.get(connectorId, clock());
    if (cached !== null) return cached;
    const stored = await read(connectorId);
    if (stored !== null) cache.set(connectorId, stored, clock());
    return stored;
  };
  const opened = async (connectorId: string, stored: StoredSecrets | null): Promise<ConnectorSecrets> =>
    stored === null
      ? noSecrets
      : connectorSecrets.parse(jsonText.parse(await keys.open(stored, connectorId)));
  return {
    open: (connectorId, item) => opened(connectorId, item === null ? null : storedSecrets.parse(item)),
    get: async (connectorId) => opened(connectorId, await readCached(connectorId)),
    change: (connectorId, change) =>
      untilReplaced(async () => {
        cache.forget(connectorId);
        const seen = await read(connectorId);
        const stored = await opened(connectorId, seen);
        const secrets = change(stored);
        if (secrets === null) return stored;
        const sealed = await keys.seal(JSON.stringify(secrets), connectorId);
        const written = await table.put({ ...secretsKey(connectorId), ...sealed }, asSeen(seen));
        return written ? secrets : null;
      }),
    async delete(connectorId) {
      cache.forget(connectorId);
      await table.delete(secretsKey(connectorId));
    },
  };
}

/** Each sealing differs, even of the same secrets, so the sealed bytes identify one state. */
function asSeen(seen: StoredSecrets | null): Condition {
  if (seen === null) return { expression: 'attribute_not_exists(#pk)' };
  return { expression: '#sealed = :seen', values: { ':seen': seen.sealed } };
}

/** `Engine.openConnector`: the records of a connector and of its secrets share a partition and take one call. */
export async function openConnector(
  table: Table,
  secrets: SealedSecrets,
  connectorId: string,
): Promise<OpenConnector | null> {
  const { items } = await table.query({ partition: connectorKey(connectorId).pk });
  const found = (sk: string) => items.find((item) => item['sk'] === sk) ?? null;
  const connector = found(connectorKey(connectorId).sk);
  if (connector === null) return null;
  const opened = await secrets.open(connectorId, found(secretsKey(connectorId).sk));
  return { connector: connectorOf(connector), secrets: opened };
}
