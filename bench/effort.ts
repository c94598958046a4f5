/** How long, how often, and what a benchmark measures. */
export interface Effort {
  /** Runs only comparisons whose text contains this; absent for all. */
  readonly only?: string | undefined;
  readonly secondsPerRound: number;
  /** Rounds per side. The sides take turns, so that changes in the machine's load affect both. */
  readonly rounds: number;
  readonly starts: number;
  readonly storedRuns: number;
  /** Runs waiting in the queue. */
  readonly queuedRuns: number;
  /** Kafka messages per round. */
  readonly kafkaMessages: number;
  /** Queue messages per round. */
  readonly queueMessages: number;
  /** Schedules that fire in the same second. */
  readonly schedules: number;
  /** Loads of each bundle, each in a fresh process. */
  readonly loads: number;
  /** Starts of each function with each memory size, and further calls after the first. */
  readonly functionStarts: number;
  readonly functionCalls: number;
}

export const fullEffort: Effort = {
  secondsPerRound: 5,
  rounds: 5,
  starts: 7,
  storedRuns: 1_000_000,
  queuedRuns: 100_000,
  kafkaMessages: 100_000,
  queueMessages: 5_000,
  schedules: 10_000,
  loads: 25,
  functionStarts: 5,
  functionCalls: 30,
};

/** Finds gross changes within a minute. */
export const quickEffort: Effort = {
  secondsPerRound: 2,
  rounds: 2,
  starts: 3,
  storedRuns: 50_000,
  queuedRuns: 20_000,
  kafkaMessages: 10_000,
  queueMessages: 1_000,
  schedules: 1_000,
  loads: 9,
  functionStarts: 1,
  functionCalls: 10,
};
