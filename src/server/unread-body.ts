import type { IncomingMessage } from 'node:http';

/** How long a sender may go on with a body that nobody wants: enough to finish, notice, and read the answer. */
const patienceMs = 5_000;

/**
 * Lets the rest of an answered request's body pass by, so that its sender gets to read the answer and the connection
 * can be used again; a sender that does not come to an end is cut off.
 */
export function discardUnreadBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const cutOff = setTimeout(() => request.destroy(), patienceMs);
  request.once('close', () => clearTimeout(cutOff));
}
