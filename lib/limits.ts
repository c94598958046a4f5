/**
 * Times that depend on each other, in seconds, each with its reason. `limits.test.ts` keeps their order: agent < lease <=
 * runner's function < visibility of its queue.
 */
export const limits = {
  /** API Gateway's limit for a buffered REST integration without a quota change. */
  bufferedIntegrationSeconds: 29,
  /** API Gateway's limit for a streamed REST integration. */
  streamedIntegrationSeconds: 900,
  /** Lambda's limit. */
  functionSeconds: 900,
  /** Beyond the longest wait of a sync caller (285 s), so that it gets a 202 from us and not the gateway's 504. */
  syncIntegrationSeconds: 300,
  /** Lambda's 900 s less the lease's margin of 60 s, in which a run is loaded, aborted and recorded. */
  longestAgentSeconds: 840,
  /** What `core/runs/run-lease.ts` adds to the agent's own timeout. */
  leaseMarginSeconds: 60,
  /** Below the integration's limit: a request that takes longer has a store that is away. */
  inboundSeconds: 28,
  /** One attempt waits 30 s at most for its receiver; the ten of a batch go side by side. */
  deliverSeconds: 90,
  /** A tick is some calls to the table; the ten of a batch go side by side. */
  tickSeconds: 30,
  /** The same for events of rules. */
  ruleEventSeconds: 30,
  /**
   * A batch of messages is some hundred transactions side by side. Lambda reads no queue whose visibility timeout is
   * shorter than this: 30 s is what a queue has by default.
   */
  mappingSeconds: 30,
  /** A look at three lists; a first call starts the function. Whoever asks comes again, so that one may fail. */
  eventsSeconds: 10,
  planSeconds: 60,
  /** Each look has ended before the next one starts. */
  reconcileSeconds: 55,
  deadLetterSeconds: 30,
  /** One look at the table, and an answer to CloudFormation, for which 15 s are left. */
  checkSeconds: 60,
} as const;

/** AWS's recommendation for a queue that a function reads: six times the function's timeout. */
export const visibilityPerTimeout = 6;
