/** The HTTP status of everything that the management API refuses, by its stable code. The only place that says so. */
export const refusalStatuses = {
  'invalid-request': 400,
  'malformed-json': 400,
  'invalid-cursor': 400,
  unauthorized: 401,
  'api-key-ended': 401,
  forbidden: 403,
  'not-found': 404,
  'agent-not-found': 404,
  'connector-not-found': 404,
  'run-not-found': 404,
  'delivery-not-found': 404,
  'dead-letter-not-found': 404,
  'api-key-not-found': 404,
  'method-not-allowed': 405,
  'run-ended': 409,
  'no-secret': 409,
  'no-schedule': 409,
  'no-linked-agents': 409,
  'not-retryable': 409,
  'not-outbound': 409,
  'delivery-pending': 409,
  'connector-deleted': 409,
  'connector-disabled': 409,
  'name-taken': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'internal-error': 500,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof refusalStatuses;
export type RefusalStatus<Code extends RefusalCode = RefusalCode> = (typeof refusalStatuses)[Code];
