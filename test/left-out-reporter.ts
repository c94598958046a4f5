/** What `npm test` leaves out because it needs more than Node, and what runs it. */
const leftOut = [
  'Kafka against a real broker: npm run test:kafka (needs a JDK of version 17 or newer, and Maven)',
];

interface JestConfig {
  readonly runTestsByPath: boolean;
  readonly testPathPatterns: { isSet(): boolean };
}

/** Says after a run of all tests which ones were left out. */
export default class LeftOutReporter {
  readonly #isWhole: boolean;

  constructor({ runTestsByPath, testPathPatterns }: JestConfig) {
    this.#isWhole = !runTestsByPath && !testPathPatterns.isSet();
  }

  onRunComplete(): void {
    if (!this.#isWhole) return;
    for (const line of leftOut) process.stderr.write(`Left out: ${line}\n`);
  }
}
