/** A command of a page that is not run as it stands there. */
export interface PageException {
  readonly page: string;
  /** How the command begins. */
  readonly command: string;
  readonly reason: string;
  /** `background`: it runs in a terminal of its own. Default: it is left out. */
  readonly instead?: 'background';
}

const terminal = 'It runs until Ctrl+C, in a terminal of its own.';
const key =
  'It asks a model on the internet, with a key of somebody. How keys are read: test/scenarios/models.test.ts.';

export const pageExceptions: readonly PageException[] = [
  {
    page: 'README.md',
    command: 'npm ci && npm test',
    reason: 'It runs this test.',
  },
  { page: 'README.md', command: 'npx connectors receive', reason: terminal, instead: 'background' },
  {
    page: 'docs/getting-started.md',
    command: 'npx connectors receive',
    reason: terminal,
    instead: 'background',
  },
  { page: 'docs/getting-started.md', command: 'npx connectors run question-answerer', reason: key },
  {
    page: 'docs/getting-started.md',
    command: 'npx connectors runs --follow',
    reason: `${terminal} src/cli/follow-runs.test.ts`,
  },
  {
    page: 'docs/connectors/kafka.md',
    command: 'npx cdk deploy',
    reason: 'It needs an account at AWS.',
  },
  {
    page: 'docs/connectors/kafka.md',
    command: 'npx connectors create inbound --type kafka --agent order-desk --name msk-orders',
    reason: 'It needs a cluster at AWS: test/aws/kafka-mappings.aws.test.ts.',
  },
];
