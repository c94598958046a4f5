import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { PayloadRead } from './payload/payload-read.ts';

/** A request from a known sender. */
export interface Authenticated {
  readonly outcome: 'authenticated';
  /** The request to continue with, including its body if that was read for the signature. */
  readonly request: HttpRequest;
  /** The payload, if it was read for the signature. */
  readonly read?: PayloadRead;
  /** The id that the sender signed, where nothing else keeps the request from being sent again. */
  readonly signedId?: string;
}
