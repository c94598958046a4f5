import type { Refused } from '../../../core/connector-type.ts';
import type { JsonValue } from '../../../core/json-value.ts';

/** What came of reading a request's payload. */
export type PayloadRead =
  | {
      readonly outcome: 'read';
      readonly payload: JsonValue;
      /** What was left out, one sentence each. */
      readonly warnings: readonly string[];
    }
  | Refused;
