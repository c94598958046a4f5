/** What the inbound connectors of one type cost on AWS, for the estimate of `connectors cost`. */
export interface AwsCost {
  /** Its column in the estimate. */
  readonly part: string;
  /** What is billed while it exists, regardless of its events. An option of the command gives the number of each. */
  readonly standing: {
    /** Name of the option, in camel case. */
    readonly count: string;
    readonly description: string;
    readonly defaultCount: number;
    /** Hours of event pollers that each one takes per hour. */
    readonly pollers: number;
    /** Queues that Lambda polls all month for each one. */
    readonly polledQueues: number;
  };
  /** SQS messages per run: each is sent, received and deleted. */
  readonly queueMessages: number;
  /** Other costs, which the estimate omits. */
  readonly notIncluded: string;
}
