import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

/** One message of a mailbox, as the server has it. */
export interface Mail {
  readonly kind: 'mail';
  readonly mailbox: string;
  /** Unique in the mailbox as long as `uidValidity` stays. */
  readonly uid: number;
  readonly uidValidity: number;
  /** Unix ms at which the server received it. */
  readonly arrivedAt: number;
  /** The whole message, or as much of it as is read. */
  readonly source: Uint8Array;
  /** In bytes. */
  readonly size: number;
}

/** The server has given all messages of the mailbox other UIDs. */
export interface Renumbered {
  readonly kind: 'renumbered';
  readonly mailbox: string;
  readonly uidValidity: number;
}

export type MailEvent = Mail | Renumbered;

/** A dead letter keeps so much of a message, in bytes; the message itself stays in its mailbox. */
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

/** An event as a dead letter keeps it: its coordinates, and the beginning of the message as base64. */
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
