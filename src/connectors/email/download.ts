import type { FetchMessageObject, ImapFlow } from 'imapflow';

/** Only this much of a message is read, in bytes: mail servers accept 25 to 50 MB. */
const maxMailBytes = 40 * 1_024 * 1_024;
/** Of a message that is read alone: what one command asks for. */
const pieceBytes = 1_024 * 1_024;

interface Source {
  readonly mail: FetchMessageObject;
  readonly source: Uint8Array;
}

export interface Downloaded {
  /** Complete messages. Removed ones are missing. */
  readonly read: readonly Source[];
  /**
   * The first message that the server did not send in time or refused, and what came of it. The connection takes no
   * further command then.
   */
  readonly unfinished: Source | null;
}

/**
 * Reads messages from the open mailbox.
 *
 * @throws what the client throws, unless the server refuses a message
 */
export async function download(
  client: ImapFlow,
  mails: readonly FetchMessageObject[],
  deadline: AbortSignal,
): Promise<Downloaded> {
  const pieces = new Map<number, Uint8Array[]>();
  const [first] = mails;
  const isAlone = first !== undefined && mails.length === 1;
  const reading = isAlone
    ? readInPieces(client, first, pieces, deadline)
    : readTogether(client, mails, pieces);
  const brokeOff = (await endOf(reading, deadline)) === 'broke-off';
  const missing = brokeOff ? mails.find(({ uid }) => isAlone || !pieces.has(uid)) : undefined;
  const sourceOf = (mail: FetchMessageObject) => ({
    mail,
    source: Buffer.concat(pieces.get(mail.uid) ?? []),
  });
  const read = mails.filter((mail) => mail !== missing && pieces.has(mail.uid)).map(sourceOf);
  return { read, unfinished: missing === undefined ? null : sourceOf(missing) };
}

async function readTogether(
  client: ImapFlow,
  mails: readonly FetchMessageObject[],
  pieces: Map<number, Uint8Array[]>,
): Promise<void> {
  const uids = mails.map(({ uid }) => uid).join(',');
  const query = { uid: true, source: { start: 0, maxLength: maxMailBytes } };
  for await (const { uid, source } of client.fetch(uids, query, { uid: true })) {
    if (source !== undefined) pieces.set(uid, [source]);
  }
}

async function readInPieces(
  client: ImapFlow,
  { uid }: FetchMessageObject,
  pieces: Map<number, Uint8Array[]>,
  deadline: AbortSignal,
): Promise<void> {
  const read: Uint8Array[] = [];
  pieces.set(uid, read);
  // The sizes that servers tell can be wrong: only a short piece is the last one.
  for (let start = 0; start < maxMailBytes && !deadline.aborted; start += pieceBytes) {
    const query = { uid: true, source: { start, maxLength: pieceBytes } };
    const found = await client.fetchOne(`${uid}`, query, { uid: true });
    const piece = found === false ? undefined : found.source;
    if (piece !== undefined) read.push(piece);
    if (piece === undefined || piece.length < pieceBytes) break;
  }
  // The message was removed.
  if (read.length === 0) pieces.delete(uid);
}

async function endOf(reading: Promise<void>, deadline: AbortSignal): Promise<'done' | 'broke-off'> {
  const late = new Promise<'broke-off'>((resolve) => {
    deadline.addEventListener('abort', () => resolve('broke-off'), { once: true });
  });
  const done = reading.then(
    () => 'done' as const,
    (thrown: unknown) => {
      if (deadline.aborted || isRefusal(thrown)) return 'broke-off' as const;
      throw thrown;
    },
  );
  return Promise.race([done, late]);
}

/** Whether the server has answered the command with NO or BAD. */
function isRefusal(thrown: unknown): boolean {
  const status: unknown =
    typeof thrown === 'object' && thrown !== null && Reflect.get(thrown, 'responseStatus');
  return status === 'NO' || status === 'BAD';
}
