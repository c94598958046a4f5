import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { writeDurably } from '../../files/write-durably.ts';

/** A stored session: useless without its cookie, which only the browser has. */
const keptSession = z.object({
  /** SHA-256 of the cookie, in hex. */
  id: z.string(),
  /** The token, sealed with a key derived from the cookie; base64. */
  sealed: z.string(),
  /** Unix ms. */
  expiresAt: z.number(),
});
export type KeptSession = z.infer<typeof keptSession>;

/** The sessions in a file; none if it cannot be read, so that people sign in again. */
export async function readSessions(file: string): Promise<readonly KeptSession[]> {
  try {
    return z.array(keptSession).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return [];
  }
}

/** @throws the system's error */
export function writeSessions(file: string, sessions: Iterable<KeptSession>): Promise<void> {
  return writeDurably(file, JSON.stringify([...sessions]));
}
