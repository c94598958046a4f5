import type { Refused } from '../../../core/connectors/received.ts';
import type { Payload } from '../../../core/json/payload.ts';

/** The result of reading a request's payload. */
export type PayloadRead =
  | {
      readonly outcome: 'read';
      readonly payload: Payload;
      /** What was left out, one sentence each. */
      readonly warnings: readonly string[];
    }
  | Refused;
