import { createHash, hkdfSync } from 'node:crypto';
import * as z from 'zod';
import type { ConnectorSecrets } from '../../../core/connectors/connector-secrets.ts';
import { PermanentError } from '../../../core/errors.ts';
import type { OpenConnector } from '../../../core/ports/engine.ts';
import { noSecrets, type SecretStore } from '../../../core/ports/secret-store.ts';
import { open, seal, untilReplaced } from '../../sealing.ts';
import type { AwsClients } from '../clients.ts';
import { callAws } from '../store/aws-errors.ts';
import type { Condition } from '../store/expressions.ts';
import { connectorKey, secretsKey } from '../store/keys.ts';
import { jsonText } from '../store/payload-objects.ts';
import { expiringCache, type Item, type Table } from '../store/table.ts';
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

/**
 * The deployment's secret in Secrets Manager, as JSON. `key` seals; `previous` keys open what they sealed. To rotate,
 * an operator moves `key` to `previous` and writes a new one.
 */
const keySecret = jsonText.pipe(
  z.object({ key: z.string().min(32), previous: z.array(z.string().min(32)).default([]) }),
);

/** A text that only this deployment can read. */
export interface Sealed {
  /** Identifies the key that opens it. */
  readonly keyId: string;
  /** See `sealing.ts`. */
  readonly sealed: Uint8Array;
}

export interface SecretKeys {
  /** @param owner id that `open` must be given too, so that a sealed text cannot be moved to another record */
  seal(text: string, owner: string): Promise<Sealed>;
  open(sealed: Sealed, owner: string): Promise<string>;
}

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Reads the keys once per process, and again when a text was sealed with an unknown key. */
export function secretKeys(clients: AwsClients, secretId: string): SecretKeys {
  let known: Promise<readonly Key[]> | null = null;
  const keys = () => {
    known ??= readKeys(clients, secretId).catch((thrown: unknown) => {
      known = null;
      throw thrown;
    });
    return known;
  };
  return {
    async seal(text, owner) {
      const [key] = await keys();
      if (key === undefined) throw new Error('the key secret has no key');
      return { keyId: key.id, sealed: seal(key.bytes, text, owner) };
    },
    async open(sealed, owner) {
      const byId = (all: readonly Key[]) => all.find((key) => key.id === sealed.keyId);
      let key = byId(await keys());
      if (key === undefined) {
        known = null;
        key = byId(await keys());
      }
      const text = key === undefined ? null : open(key.bytes, sealed.sealed, owner);
      if (text === null) throw new PermanentError('secret-damaged', 'The stored secrets cannot be opened.');
      return text;
    },
  };
}

async function readKeys(clients: AwsClients, SecretId: string): Promise<readonly Key[]> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = await clients.secrets();
  const { SecretString } = await callAws(client.send(new GetSecretValueCommand({ SecretId })));
  const parsed = keySecret.safeParse(SecretString ?? '');
  if (!parsed.success) {
    throw new PermanentError(
      'sealing-key-unusable',
      'The secret with the sealing key is not of the form {"key": "…", "previous": ["…"]}, with 32 characters or more a key.',
    );
  }
  const { key, previous } = parsed.data;
  return [key, ...previous].map(keyOf);
}

/** Derives the AES key from a generated text (HKDF, RFC 5869), and an id that reveals nothing about it. */
function keyOf(text: string): Key {
  const bytes = new Uint8Array(hkdfSync('sha256', text, '', 'agent-connectors/connector-secrets', 32));
  const id = createHash('sha256').update('key-id').update(bytes).digest('base64url').slice(0, 12);
  return { id, bytes };
}
