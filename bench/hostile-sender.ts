import { Agent, request } from 'node:http';
import * as z from 'zod';

// A process that keeps sending one body over one connection, whatever the answer, until it is killed.

const wanted = z.object({
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  start: z.string(),
  /** Repeated, with `#` replaced by the repetition's number. */
  piece: z.string(),
  times: z.int(),
  end: z.string(),
});
export type HostileBody = Omit<z.infer<typeof wanted>, 'url' | 'headers'>;

process.once('message', (message) => {
  const { url, headers, ...given } = wanted.parse(message);
  const bytes = bodyOf(given);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = () => {
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      answer.resume().on('end', send);
      process.send?.(answer.statusCode);
    });
    sent.on('error', send).end(bytes);
  };
  send();
});

function bodyOf({ start, piece, times, end }: HostileBody): Buffer {
  const pieces = Array.from({ length: times }, (_, index) => piece.replace('#', String(index)));
  return Buffer.from(start + pieces.join('') + end);
}
