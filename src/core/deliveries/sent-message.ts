import * as z from 'zod';

/** The stored part of a sent message: everything but its body and its credentials. */
export const sentMessage = z.object({
  /** Of an HTTP request; `null` otherwise. */
  method: z.string().nullable(),
  /** A URL, or the name of a topic, a queue or the like. */
  target: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Size of the body. */
  bytes: z.number(),
  /** Of the body: shows whether a rebuilt message is the same. */
  sha256: z.string(),
});
export type SentMessage = Readonly<z.infer<typeof sentMessage>>;

/** Whether two attempts sent the same to the same target. Stores may change the order of headers. */
export function isSameMessage(one: SentMessage, other: SentMessage | undefined): boolean {
  if (other === undefined || one.method !== other.method || one.target !== other.target) return false;
  const names = Object.keys(one.headers);
  return (
    one.sha256 === other.sha256 &&
    names.length === Object.keys(other.headers).length &&
    names.every((name) => one.headers[name] === other.headers[name])
  );
}
