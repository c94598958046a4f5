import { hash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Authenticate } from '../api/operators/caller.ts';
import { fixedToken } from '../api/operators/fixed-token.ts';
import { PermanentError, systemErrorCode } from '../core/errors.ts';
import { writeDurably } from '../files/write-durably.ts';

/** Name of the file in the data folder. */
export const adminTokenFile = 'admin-token';

export interface AdminToken {
  readonly token: string;
  /** Where it is kept; `null` where the operator gave it. */
  readonly file: string | null;
  /** Whether nobody has used it yet: until then, each start shows it. */
  readonly isUnused: boolean;
}

/**
 * The token of the management API: the operator's, or the data folder's, which is made at the first start (mode 600).
 *
 * @param given the operator's own token (`ADMIN_TOKEN`), or `null`
 * @throws PermanentError `data-folder-unusable` where it can be neither read nor written
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

/** `null` where there is none; an empty file counts as none, for it lets nobody in. */
async function readToken(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim() || null;
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** Name of the file that says which token has been used, by its hash: another token is unused. */
const usedTokenFile = 'admin-token-used';

async function isNoted(dataDir: string, token: string): Promise<boolean> {
  return (await readToken(join(dataDir, usedTokenFile))) === digestOf(token);
}

/**
 * Notes that somebody has used the token.
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
 * Knows who sends the token as `Authorization: Bearer <token>`: the one operator of this system.
 *
 * @param onUse is told of every time
 */
export function authenticateAdmin(token: string, onUse: () => void = () => undefined): Authenticate {
  const known = fixedToken('admin-token', token);
  return (authorization) => {
    const caller = known(authorization);
    if (caller !== null) onUse();
    return caller;
  };
}
