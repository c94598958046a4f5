import type { HttpRequest } from '../core/connectors/http-request.ts';
import {
  endedEarly,
  type ReceiveContext,
  type Refused,
  unauthorizedBecause,
} from '../core/connectors/received.ts';
import { explainUnsigned, isSigned } from '../signatures/request-signature.ts';
import type { SignatureScheme } from '../signatures/signature-scheme.ts';

/** Limits replays: the tolerance that Stripe and Slack recommend, in seconds. */
const toleranceSeconds = 300;

export type SignedRead = { readonly outcome: 'read'; readonly bytes: Uint8Array } | Refused;

/** The body of a request that is signed with one of the secrets according to `scheme`, or the refusal. */
export async function readSigned(
  request: HttpRequest,
  scheme: SignatureScheme,
  secrets: readonly string[],
  maxBytes: number,
  { now }: Pick<ReceiveContext, 'now'>,
): Promise<SignedRead> {
  const refuse = () => unauthorizedBecause(explainUnsigned(scheme, request, now, toleranceSeconds));
  if (request.headers[scheme.header] === undefined) return refuse();
  const read = await readBody(request, maxBytes);
  if (read.outcome === 'refused') return read;
  const { bytes } = read;
  const isKnown = isSigned(scheme, { headers: request.headers, body: bytes }, secrets, now, toleranceSeconds);
  return isKnown ? read : refuse();
}

/** The whole body of a request, or the refusal if it is too large or ended early. */
export async function readBody({ body }: HttpRequest, maxBytes: number): Promise<SignedRead> {
  const bytes = await body.bytes(maxBytes);
  if (bytes === 'too-large') {
    return { outcome: 'refused', reason: 'too-large', detail: `The body is larger than ${maxBytes} bytes.` };
  }
  if (bytes === 'interrupted') return endedEarly;
  return { outcome: 'read', bytes };
}
