import { createHash, hkdfSync } from 'node:crypto';
import * as z from 'zod';
import { PermanentError } from '../../../core/errors.ts';
import { open, seal } from '../../sealing.ts';
import type { AwsClients } from '../clients.ts';
import { callAws } from '../store/aws-errors.ts';
import { jsonText } from '../store/payload-objects.ts';

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
