/** Why an event is refused. */
export const refusalReasons = [
  'malformed',
  'unauthorized',
  'unknown-connector',
  'origin-not-allowed',
  'method-not-allowed',
  'no-linked-agents',
  'too-large',
  'unsupported-media-type',
  'idempotency-mismatch',
  'connector-disabled',
  'rate-limited',
  'too-deep',
  'input-invalid',
  'budget-reached',
  'unavailable',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];
