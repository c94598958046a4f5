import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PermanentError, systemErrorCode } from '../../../core/errors.ts';
import { writeDurablySync } from '../../../files/write-durably.ts';
import { open, seal } from '../../sealing.ts';
import { bytes, type Connection } from '../store/connection.ts';

const keyBytes = 32;
/** Sealed in the database, so that each start can check whether the key is the right one. */
const knownText = 'agent-connectors';
const stateName = 'secret-key-check';

/**
 * The key that seals secrets: from the environment, or else from its file, which the first start creates.
 *
 * @param fromEnvironment `SECRET_KEY`: base64 of 32 bytes; `undefined` if the file holds the key
 * @throws PermanentError `secret-key-malformed`, `secret-key-missing`, `secret-key-wrong`
 */
export function loadSecretKey(
  connection: Connection,
  keyFile: string,
  fromEnvironment: string | undefined,
): Uint8Array {
  const check = connection.statement('SELECT value FROM engine_state WHERE name = ?').get(stateName);
  const key =
    fromEnvironment === undefined
      ? keyOfFile(keyFile, check === undefined)
      : parseKey(fromEnvironment, 'SECRET_KEY');
  if (check === undefined) {
    const sealed = seal(key, knownText, stateName);
    connection.statement('INSERT INTO engine_state (name, value) VALUES (?, ?)').run(stateName, sealed);
  } else if (open(key, bytes(check, 'value'), stateName) !== knownText) {
    const source = fromEnvironment === undefined ? `the file ${keyFile}` : 'SECRET_KEY';
    throw new PermanentError(
      'secret-key-wrong',
      `The key in ${source} is not the one that the secrets in this data folder are sealed with.`,
    );
  }
  return key;
}

function keyOfFile(keyFile: string, mayBeMade: boolean): Uint8Array {
  const text = readKeyFile(keyFile);
  if (text !== null) return parseKey(text, keyFile);
  if (!mayBeMade) {
    throw new PermanentError(
      'secret-key-missing',
      `The key of this data folder's secrets is missing: put ${keyFile} back, or set SECRET_KEY.`,
    );
  }
  const key = randomBytes(keyBytes);
  writeDurablySync(keyFile, `${key.toString('base64')}\n`);
  return key;
}

/** `null` if the file is missing or empty; a crash of an earlier version may have left an empty one. */
export function readKeyFile(keyFile: string): string | null {
  try {
    return readFileSync(keyFile, 'utf8').trim() || null;
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

function parseKey(text: string, source: string): Uint8Array {
  const key = Buffer.from(text, 'base64');
  if (key.length === keyBytes) return key;
  throw new PermanentError(
    'secret-key-malformed',
    `The key in ${source} must be ${keyBytes} bytes in base64. Create one with \`openssl rand -base64 ${keyBytes}\`.`,
  );
}
