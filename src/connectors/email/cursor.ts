import * as z from 'zod';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { InboundConfig } from './config.ts';

/** How far a mailbox has been read. */
export interface Cursor {
  /** The account and mailbox that the cursor belongs to. */
  readonly account: string;
  readonly mailbox: string;
  readonly uidValidity: number;
  /** All messages up to this UID have been examined. */
  readonly uid: number;
  /** Unix ms: arrival of the newest examined message, or the time of the first poll. */
  readonly seenUntil: number;
  /** After a renumbering: messages up to this UID that arrived by this time (Unix ms) were already examined. */
  readonly known: { readonly throughUid: number; readonly arrivedBy: number } | null;
  /** The next message, if the server did not send it in time: in how many polls. */
  readonly late: { readonly uid: number; readonly polls: number } | null;
}

const stored = z.object({
  account: z.string(),
  mailbox: z.string(),
  uid_validity: z.int(),
  uid: z.int(),
  seen_until: z.number(),
  known: z.object({ through_uid: z.int(), arrived_by: z.number() }).nullable(),
  /** Absent in cursors of earlier versions. */
  late: z.object({ uid: z.int(), polls: z.int() }).nullable().default(null),
});

export function writeCursor({
  account,
  mailbox,
  uidValidity,
  uid,
  seenUntil,
  known,
  late,
}: Cursor): JsonValue {
  const place = { account, mailbox, uid_validity: uidValidity, uid, seen_until: seenUntil, late };
  if (known === null) return { ...place, known };
  return { ...place, known: { through_uid: known.throughUid, arrived_by: known.arrivedBy } };
}

/** The cursor of an earlier poll; `null` if there is none or it belongs to another mailbox. */
export function readCursor(value: JsonValue, config: InboundConfig): Cursor | null {
  const read = stored.safeParse(value);
  if (!read.success) return null;
  const { uid_validity: uidValidity, seen_until: seenUntil, known, late, ...place } = read.data;
  if (place.account !== mailboxAccount(config) || place.mailbox !== config.mailbox) return null;
  const looked = known && { throughUid: known.through_uid, arrivedBy: known.arrived_by };
  return { ...place, uidValidity, seenUntil, known: looked, late };
}

/** The mailbox owner's account. */
export function mailboxAccount({ username = '', host }: InboundConfig): string {
  return `${username.toLowerCase()}@${host.toLowerCase()}`;
}
