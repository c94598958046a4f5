/**
 * Interdependent times in seconds, each with its reason. `test/stack/limits.ts` checks their order: agent < lease <= runner's
 * function < visibility of its queue.
 */
export const limits = {
  /** API Gateway's limit for a buffered REST integration without a quota increase. */
  bufferedIntegrationSeconds: 29,
  /** API Gateway's limit for a streamed REST integration. */
  streamedIntegrationSeconds: 900,
  /** Lambda's limit. */
  functionSeconds: 900,
  /**
   * Longer than the longest wait of a sync caller (285 s), so that the caller gets our 202 and not the gateway's 504.
   */
  syncIntegrationSeconds: 300,
  /** Lambda's 900 s minus the lease's margin of 60 s for loading, aborting, and recording a run. */
  longestAgentSeconds: 840,
  /** What `src/core/triggers/dispatch-trigger.ts` adds to the agent's own timeout. */
  leaseMarginSeconds: 60,
  /** Below the integration's limit. A request takes this long only if the store is unavailable. */
  inboundSeconds: 28,
  /** One attempt waits at most 30 s for its receiver; the ten attempts of a batch run concurrently. */
  deliverSeconds: 90,
  /** A tick makes a few calls to the table; the ten ticks of a batch run concurrently. */
  tickSeconds: 30,
  /** API Gateway ends a WebSocket connection after this time. */
  connectionHours: 2,
  /** The same for events of rules. */
  ruleEventSeconds: 30,
  /**
   * A batch of messages makes several hundred concurrent transactions. Lambda refuses a queue whose visibility timeout
   * is shorter than this, and a queue's default is 30 s.
   */
  mappingSeconds: 30,
  /** Reads three lists; a first call includes a cold start. Callers poll, so a single call may fail. */
  eventsSeconds: 10,
  planSeconds: 60,
  /** Each pass ends before the next one starts. */
  reconcileSeconds: 55,
  deadLetterSeconds: 30,
  /** One look at the table, and an answer to CloudFormation, which has 15 s reserved. */
  checkSeconds: 60,
} as const;

/** AWS's recommendation for a queue that a function reads: six times the function's timeout. */
export const visibilityPerTimeout = 6;
