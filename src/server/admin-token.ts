import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixedToken } from '../api/operators/fixed-token.ts';
import { PermanentError, systemErrorCode } from '../core/errors.ts';
import { writeDurably } from '../files/write-durably.ts';

/** Name of the file in the data folder. */
export const adminTokenFile = 'admin-token';

export interface AdminToken {
  readonly token: string;
  /** Where it is kept; `null` where the operator gave it. */
  readonly file: string | null;
  /** Whether it was made now: the first start, the only one to show it. */
  readonly isNew: boolean;
}

/**
 * The token of the management API: the operator's, or the data folder's, which is made at the first start (mode 600).
 *
 * @param given the operator's own token (`ADMIN_TOKEN`), or `null`
 * @throws PermanentError `data-folder-unusable` where it can be neither read nor written
 */
export async function loadAdminToken(dataDir: string, given: string | null): Promise<AdminToken> {
  if (given !== null) return { token: given, file: null, isNew: false };
  const file = join(dataDir, adminTokenFile);
  try {
    const kept = await readToken(file);
    if (kept !== null) return { token: kept, file, isNew: false };
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const token = randomBytes(24).toString('base64url');
    await writeDurably(file, `${token}\n`);
    return { token, file, isNew: true };
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

/** Knows who sends the token as `Authorization: Bearer <token>`: the one operator of this system. */
export function authenticateAdmin(token: string) {
  return fixedToken('admin-token', token);
}
