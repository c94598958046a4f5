import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

/** A message as the server stores it. */
export interface Mail {
  readonly kind: 'mail';
  readonly mailbox: string;
  /** Unique within the mailbox while `uidValidity` stays the same. */
  readonly uid: number;
  readonly uidValidity: number;
  /** When the server received it, in Unix ms. */
  readonly arrivedAt: number;
  /** The message, up to the size limit for reading. */
  readonly source: Uint8Array;
  /** In bytes. */
  readonly size: number;
}

/** Whether the server sent nothing of the message. */
export function isUnsent({ source, size }: Mail): boolean {
  return source.length === 0 && size > 0;
}

/** The server has assigned new UIDs to all messages of the mailbox. */
export interface Renumbered {
  readonly kind: 'renumbered';
  readonly mailbox: string;
  readonly uidValidity: number;
}

export type MailEvent = Mail | Renumbered;

/** How much of a message a dead letter keeps, in bytes; the mailbox still has the whole message. */
const keptBytes = 128 * 1_024;

const kept = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('mail'),
    mailbox: z.string(),
    uid: z.int(),
    uid_validity: z.int(),
    arrived_at: z.number(),
    size: z.int(),
    source: z.base64(),
  }),
  z.object({ kind: z.literal('renumbered'), mailbox: z.string(), uid_validity: z.int() }),
]);

/**
 * Converts an event to and from its dead letter, which keeps the coordinates and the beginning of the message in
 * base64.
 */
export const keptMail = {
  write(event: MailEvent): JsonObject {
    const { kind, mailbox, uidValidity: uid_validity } = event;
    if (kind === 'renumbered') return { kind, mailbox, uid_validity };
    const { uid, arrivedAt: arrived_at, size, source } = event;
    const beginning = Buffer.from(source.subarray(0, keptBytes)).toString('base64');
    return { kind, mailbox, uid, uid_validity, arrived_at, size, source: beginning };
  },
  /** @throws ZodError where it is none */
  read(letter: JsonObject): MailEvent {
    const { uid_validity: uidValidity, ...read } = kept.parse(letter);
    if (read.kind === 'renumbered') return { ...read, uidValidity };
    const { arrived_at: arrivedAt, source, ...coordinates } = read;
    return { ...coordinates, uidValidity, arrivedAt, source: Buffer.from(source, 'base64') };
  },
};
