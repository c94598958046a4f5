import type { HttpRequest, UnreadBody } from '../../../core/connectors/http-request.ts';
import type { Refused } from '../../../core/connectors/received.ts';
import { refuseEvent } from '../../../core/connectors/refuse-event.ts';

/** All bytes of the body, or the reason for refusing it. A body whose declared length is too large is not read. */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<Uint8Array | Refused> {
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > maxBytes) return refuseUnread('too-large', maxBytes);
  const body = await request.body.bytes(maxBytes);
  return typeof body === 'string' ? refuseUnread(body, maxBytes) : body;
}

/** Refuses a body that was not read completely. */
export function refuseUnread(reason: UnreadBody, maxBytes: number): Refused {
  return reason === 'too-large'
    ? refuseEvent('too-large', `The body is larger than this connector allows, ${maxBytes} bytes.`)
    : refuseEvent('malformed', 'The body ended early.');
}
