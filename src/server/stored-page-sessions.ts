import { hash, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { signInFragment } from '../api/contract/page-header.ts';
import type { PageSessions, SignInLink } from '../api/operators/page-sessions.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';
import { open, seal } from '../engines/sealing.ts';
import { writeDurably } from '../files/write-durably.ts';

/** Name of the file in the data folder. */
export const sessionsFile = 'dashboard-sessions.json';

const lastsSeconds = 14 * 24 * 3_600;
const linkLastsMs = 15 * 60_000;
/** Far more than people need; beyond that, the oldest session ends. */
const maxSessions = 200;
const maxLinks = 100;
const secretBytes = 32;

export interface PageSessionSettings {
  /** The file in which sessions survive a restart; `null` keeps them in memory. */
  readonly file: string | null;
  readonly clock: () => number;
  readonly log: Log;
  /** The port that the system listens on. */
  readonly port: () => string;
}

/** Opens the sessions of the dashboard. Their tokens are sealed with keys that only the cookies contain. */
export async function openPageSessions(settings: PageSessionSettings): Promise<PageSessions> {
  const kept = settings.file === null ? [] : await readSessions(settings.file);
  return new StoredPageSessions(settings, kept);
}

class StoredPageSessions implements PageSessions {
  readonly lastsSeconds = lastsSeconds;
  readonly #settings: PageSessionSettings;
  readonly #sessions: Map<string, KeptSession>;
  readonly #links = new Map<string, { readonly token: string; readonly expiresAt: number }>();
  #writing: Promise<void> = Promise.resolve();

  constructor(settings: PageSessionSettings, kept: readonly KeptSession[]) {
    this.#settings = settings;
    this.#sessions = new Map(kept.map((session) => [session.id, session]));
  }

  get cookieName(): string {
    return `connectors-session-${this.#settings.port()}`;
  }

  async start(token: string): Promise<string> {
    const cookie = randomBytes(secretBytes).toString('base64url');
    const id = digestOf(cookie);
    const sealed = Buffer.from(seal(keyOf(cookie), token, id)).toString('base64');
    forgetOldest(this.#sessions, maxSessions, this.#settings.clock());
    this.#sessions.set(id, { id, sealed, expiresAt: this.#settings.clock() + lastsSeconds * 1_000 });
    await this.#keep();
    return cookie;
  }

  tokenOf(cookie: string): string | null {
    const id = digestOf(cookie);
    const session = this.#sessions.get(id);
    if (session === undefined || session.expiresAt <= this.#settings.clock()) return null;
    return open(keyOf(cookie), Buffer.from(session.sealed, 'base64'), id);
  }

  async end(cookie: string): Promise<void> {
    if (this.#sessions.delete(digestOf(cookie))) await this.#keep();
  }

  makeLink(token: string): SignInLink {
    const code = randomBytes(secretBytes).toString('base64url');
    const now = this.#settings.clock();
    const expiresAt = now + linkLastsMs;
    forgetOldest(this.#links, maxLinks, now);
    this.#links.set(digestOf(code), { token, expiresAt });
    return { path: `/${signInFragment}${code}`, expiresAt };
  }

  redeem(code: string): string | null {
    const id = digestOf(code);
    const link = this.#links.get(id);
    this.#links.delete(id);
    return link === undefined || link.expiresAt <= this.#settings.clock() ? null : link.token;
  }

  /** Writes one at a time. A full disk does not prevent a sign-in. */
  #keep(): Promise<void> {
    const { file, log } = this.#settings;
    if (file === null) return Promise.resolve();
    this.#writing = this.#writing
      .then(() => writeSessions(file, this.#sessions.values()))
      .catch((thrown: unknown) => log.warn('sessions.not-kept', { reason: messageOf(thrown) }));
    return this.#writing;
  }
}

/** Makes room for one more: removes expired entries, and the oldest ones beyond the limit. */
function forgetOldest(
  entries: Map<string, { readonly expiresAt: number }>,
  limit: number,
  now: number,
): void {
  for (const [id, { expiresAt }] of entries) {
    if (expiresAt <= now || entries.size >= limit) entries.delete(id);
  }
}

function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}

function keyOf(cookie: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', cookie, '', 'dashboard session', 32));
}

/** A stored session: useless without its cookie, which only the browser has. */
const keptSession = z.object({
  /** SHA-256 of the cookie, in hex. */
  id: z.string(),
  /** The token, sealed with a key derived from the cookie; base64. */
  sealed: z.string(),
  /** Unix ms. */
  expiresAt: z.number(),
});
type KeptSession = z.infer<typeof keptSession>;

/** The sessions in a file; none if it cannot be read, so that people sign in again. */
async function readSessions(file: string): Promise<readonly KeptSession[]> {
  try {
    return z.array(keptSession).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return [];
  }
}

/** @throws the system's error */
function writeSessions(file: string, sessions: Iterable<KeptSession>): Promise<void> {
  return writeDurably(file, JSON.stringify([...sessions]));
}
