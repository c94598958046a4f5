/** What the inbound connectors of one type cost on AWS, for the estimate of `connectors cost`. */
export interface AwsCost {
  /** Its column in the estimate. */
  readonly part: string;
  /** What is billed while it stands, however few events come: each counted by an option of the command. */
  readonly standing: {
    /** Name of the option, in camel case. */
    readonly count: string;
    readonly description: string;
    readonly defaultCount: number;
    /** Hours of event pollers that each one takes in an hour. */
    readonly pollers: number;
    /** Queues that each one has Lambda ask for messages all month. */
    readonly polledQueues: number;
  };
  /** Messages of SQS for each run: each is sent, received and deleted. */
  readonly queueMessages: number;
  /** What else it costs, which the estimate leaves out. */
  readonly notIncluded: string;
}
