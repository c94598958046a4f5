import { hash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authenticate, fixedToken } from '../api/operators/caller.ts';
import { PermanentError, systemErrorCode } from '../core/errors.ts';
import { writeDurably } from '../files/write-durably.ts';

/** Name of the token file in the data folder. */
export const adminTokenFile = 'admin-token';

export interface AdminToken {
  readonly token: string;
  /** The token's file; `null` if the operator set the token. */
  readonly file: string | null;
  /** Whether the token has never been used; until then, each start shows it. */
  readonly isUnused: boolean;
}

/**
 * The token of the management API: the operator's, or that of the data folder, created at the first start (mode 600).
 *
 * @param given the operator's own token (`ADMIN_TOKEN`), or `null`
 * @throws PermanentError `data-folder-unusable` if the file can be neither read nor written
 */
export async function loadAdminToken(dataDir: string, given: string | null): Promise<AdminToken> {
  if (given !== null) return { token: given, file: null, isUnused: false };
  const file = join(dataDir, adminTokenFile);
  try {
    const kept = await readToken(file);
    if (kept !== null) return { token: kept, file, isUnused: !(await isNoted(dataDir, kept)) };
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const token = randomBytes(24).toString('base64url');
    await writeDurably(file, `${token}\n`);
    return { token, file, isUnused: true };
  } catch (cause) {
    const message = `Cannot read or write the admin token in ${file}.`;
    throw new PermanentError('data-folder-unusable', message, { cause });
  }
}

/** `null` if the file is missing or empty: an empty token authenticates nobody. */
async function readToken(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim() || null;
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** Name of the file with the hash of the used token. Any other token counts as unused. */
const usedTokenFile = 'admin-token-used';

async function isNoted(dataDir: string, token: string): Promise<boolean> {
  return (await readToken(join(dataDir, usedTokenFile))) === digestOf(token);
}

/**
 * Records that the token was used.
 *
 * @throws the system's error
 */
export function noteTokenUse(dataDir: string, token: string): Promise<void> {
  return writeDurably(join(dataDir, usedTokenFile), `${digestOf(token)}\n`);
}

function digestOf(token: string): string {
  return hash('sha256', token, 'hex');
}

/**
 * Authenticates callers that send `Authorization: Bearer <token>` as the one operator of this system.
 *
 * @param onUse called for every use
 */
export function authenticateAdmin(token: string, onUse: () => void = () => undefined): Authenticate {
  const known = fixedToken('admin-token', token);
  return (authorization) => {
    const caller = known(authorization);
    if (caller !== null) onUse();
    return caller;
  };
}
