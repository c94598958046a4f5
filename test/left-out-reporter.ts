/** What `npm test` leaves out: it takes minutes, or needs more than Node. */
const leftOut = [
  'kills under load, a process that stands still, whole minutes: npm run test:long (takes minutes)',
  'the dashboard in a browser: npm run test:dashboard (needs Chromium)',
  'the AWS engine and a whole deployment: npm run test:aws (needs Python 3)',
  'made-up requests to the management API: npm run test:api (needs Python 3)',
  'Kafka against a real broker: npm run test:kafka (needs a JDK of version 17 or newer, and Maven)',
  'email against a real mail server: npm run test:mail (needs a JDK of version 17 or newer, and Maven)',
  'SQS and S3 against compatible servers: npm run test:compatible (needs a JDK of version 17 or newer, and Maven)',
  'PostgreSQL against a real server: npm run test:postgres (needs PostgreSQL)',
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
