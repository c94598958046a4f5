import { relative } from 'node:path';

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

interface TestFile {
  readonly path: string;
}

/** Says what a run does not: which files it was at when it was ended, and which suites it leaves out. */
export default class RunReporter {
  readonly #saysLeftOut: boolean;
  readonly #running = new Set<string>();

  constructor(
    { runTestsByPath, testPathPatterns }: JestConfig,
    { leavesOut = false }: { readonly leavesOut?: boolean },
  ) {
    this.#saysLeftOut = leavesOut && !runTestsByPath && !testPathPatterns.isSet();
  }

  onRunStart(): void {
    process.once('SIGTERM', () => {
      const files = [...this.#running].map((file) => `  ${relative(process.cwd(), file)}`);
      const at = files.length > 0 ? `during:\n${files.join('\n')}` : 'between test files.';
      process.stderr.write(`The tests were ended ${at}\n`);
      process.exit(143);
    });
  }

  onTestFileStart({ path }: TestFile): void {
    this.#running.add(path);
  }

  onTestFileResult({ path }: TestFile): void {
    this.#running.delete(path);
  }

  onRunComplete(): void {
    if (!this.#saysLeftOut) return;
    for (const line of leftOut) process.stderr.write(`Left out: ${line}\n`);
  }
}
