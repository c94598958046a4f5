import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { InboundConfig } from './config.ts';
import { type Cursor, mailboxAccount } from './cursor.ts';
import { download } from './download.ts';
import type { Mail, MailEvent } from './mail-event.ts';

/** Limits of one poll: messages examined, messages read, and bytes. A single larger message is read alone. */
const lookedAt = 300;
const maxMails = 300;
const maxBytes = 8 * 1_024 * 1_024;
/** Limits of one request. */
const portionMails = 50;
const portionBytes = 2 * 1_024 * 1_024;
/** A poll stops reading messages after this time, in ms; the whole poll has 20 s. */
const usualReadForMs = 10_000;
/** In how many polls the server may fail to send a message in time, before it no longer holds back others. */
const latePolls = 3;

export interface MailboxRead {
  readonly events: readonly MailEvent[];
  readonly cursor: Cursor;
  readonly more: boolean;
}

/**
 * Reads the messages after the cursor that match the configuration, in order of UID.
 *
 * @param client with the mailbox open
 * @param now Unix ms
 * @throws what the client throws
 */
export async function readMailbox(
  client: ImapFlow,
  config: InboundConfig,
  before: Cursor | null,
  now: number,
  readForMs = usualReadForMs,
): Promise<MailboxRead> {
  const mailbox = openMailbox(client);
  const uidValidity = Number(mailbox.uidValidity);
  const isRenumbered = before !== null && before.uidValidity !== uidValidity;
  const from =
    before === null || isRenumbered ? startOf(config, uidValidity, mailbox.uidNext, before, now) : before;
  const uids = await newUids(client, config, from.uid);
  const looked = await lookAt(client, uids.slice(0, lookedAt));
  const wanted = (mail: FetchMessageObject) =>
    fitsFilters(mail, config) && !isKnown(mail.uid, arrivalOf(mail, now), from);
  const { mails, last, late } = await readMails(client, looked, wanted, from, now, readForMs);
  const uid = last ?? Math.max(from.uid, uids.length === 0 ? mailbox.uidNext - 1 : 0);
  const seenUntil = Math.max(from.seenUntil, ...mails.map(({ arrivedAt }) => arrivedAt));
  const renumbered: MailEvent[] = isRenumbered
    ? [{ kind: 'renumbered', mailbox: config.mailbox, uidValidity }]
    : [];
  return {
    events: [...renumbered, ...mails],
    cursor: { ...from, uid, seenUntil, late },
    more: uids.some((one) => one > uid) && (late === null || mails.length > 0),
  };
}

/** The cursor to start from if the mailbox is new or its UIDs have changed. */
function startOf(
  config: InboundConfig,
  uidValidity: number,
  uidNext: number,
  before: Cursor | null,
  now: number,
): Cursor {
  const account = mailboxAccount(config);
  const seenUntil = before?.seenUntil ?? now;
  const start = { account, mailbox: config.mailbox, uidValidity, uid: 0, seenUntil, known: null, late: null };
  if (config.unread_only) return start;
  if (before === null) return { ...start, uid: uidNext - 1 };
  return { ...start, known: { throughUid: uidNext - 1, arrivedBy: seenUntil } };
}

function isKnown(uid: number, arrivedAt: number, { known }: Cursor): boolean {
  return known !== null && uid <= known.throughUid && arrivedAt <= known.arrivedBy;
}

function openMailbox(client: ImapFlow) {
  if (client.mailbox === false) throw new Error('The mailbox was closed');
  return client.mailbox;
}

/** UIDs greater than `after`, in order. */
async function newUids(
  client: ImapFlow,
  { unread_only: unreadOnly }: InboundConfig,
  after: number,
): Promise<number[]> {
  const query = { uid: `${after + 1}:*`, ...(unreadOnly ? { seen: false } : {}) };
  const found = await client.search(query, { uid: true });
  if (!Array.isArray(found)) throw new Error('The mailbox cannot be searched');
  // "n:*" always includes the newest message, even if its UID is lower than n (RFC 3501, section 6.4.8).
  return found.filter((uid) => uid > after).sort((one, other) => one - other);
}

async function lookAt(client: ImapFlow, uids: readonly number[]): Promise<FetchMessageObject[]> {
  if (uids.length === 0) return [];
  const query = { uid: true, envelope: true, internalDate: true, size: true };
  const found = await client.fetchAll(uids.join(','), query, { uid: true });
  return found.sort((one, other) => one.uid - other.uid);
}

function fitsFilters({ envelope }: FetchMessageObject, { from, subject }: InboundConfig): boolean {
  const senders = [...(envelope?.from ?? []), ...(envelope?.sender ?? [])];
  const sender = senders.map(({ name = '', address = '' }) => `${name} <${address}>`).join(', ');
  return contains(sender, from) && contains(envelope?.subject ?? '', subject);
}

function contains(text: string, part: string | undefined): boolean {
  return part === undefined || text.toLowerCase().includes(part.toLowerCase());
}

function arrivalOf({ internalDate }: FetchMessageObject, now: number): number {
  const at = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime();
  return Number.isNaN(at) ? now : Math.max(0, at);
}

interface MailsRead {
  readonly mails: readonly Mail[];
  /** All messages up to this UID were read or not wanted; `null` if none was. */
  readonly last: number | null;
  readonly late: Cursor['late'];
}

/** Reads the wanted messages, as far as the time suffices. */
async function readMails(
  client: ImapFlow,
  looked: readonly FetchMessageObject[],
  isWanted: (mail: FetchMessageObject) => boolean,
  from: Cursor,
  now: number,
  readForMs: number,
): Promise<MailsRead> {
  const mails: Mail[] = [];
  const deadline = AbortSignal.timeout(readForMs);
  const wanted = looked.filter(isWanted);
  let bytes = 0;
  let late: Cursor['late'] = null;
  const take = (one: FetchMessageObject, source: Uint8Array) => {
    const { uid, size = source.length } = one;
    const { mailbox, uidValidity } = from;
    bytes += source.length;
    mails.push({ kind: 'mail', mailbox, uid, uidValidity, arrivedAt: arrivalOf(one, now), source, size });
  };
  while (
    wanted.length > 0 &&
    late === null &&
    mails.length < maxMails &&
    bytes < maxBytes &&
    !deadline.aborted
  ) {
    const polls = wanted[0]?.uid === from.late?.uid ? (from.late?.polls ?? 0) : 0;
    const portion = wanted.splice(0, polls > 0 ? 1 : portionLength(wanted));
    const { read, unfinished } = await download(client, portion, deadline);
    for (const { mail, source } of read) take(mail, source);
    if (unfinished === null) continue;
    if (polls + 1 >= latePolls) take(unfinished.mail, unfinished.source);
    else {
      late = { uid: unfinished.mail.uid, polls: polls + 1 };
      wanted.unshift(...portion.slice(portion.indexOf(unfinished.mail)));
    }
  }
  const next = wanted[0]?.uid ?? Number.POSITIVE_INFINITY;
  return { mails, last: looked.findLast(({ uid }) => uid < next)?.uid ?? null, late };
}

function portionLength(wanted: readonly FetchMessageObject[]): number {
  let bytes = 0;
  const end = wanted.findIndex(({ size = 0 }, index) => {
    bytes += size;
    return index === portionMails || (index > 0 && bytes > portionBytes);
  });
  return end === -1 ? wanted.length : end;
}
