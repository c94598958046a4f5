/** How long and how often a benchmark measures, and what of it. */
export interface Effort {
  /** Of comparisons that have a text, those whose text has this in it; absent for all. */
  readonly only?: string | undefined;
  readonly secondsPerRound: number;
  /** Rounds of each side; the sides take turns, so that a change of the machine's mood meets both. */
  readonly rounds: number;
  readonly starts: number;
  readonly storedRuns: number;
  /** That wait to be executed. */
  readonly queuedRuns: number;
  /** Messages of one round. */
  readonly kafkaMessages: number;
  /** Of a queue, in one round. */
  readonly queueMessages: number;
  /** That come at the same second. */
  readonly schedules: number;
  /** Of each bundle, each in a fresh process. */
  readonly loads: number;
  /** Of each function with each memory, and calls of it after its first. */
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
