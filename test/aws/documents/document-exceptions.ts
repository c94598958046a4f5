/** A command of a page that cannot be run against the emulated account. */
export interface DocumentException {
  readonly page: string;
  /** How the command begins. */
  readonly command: string;
  readonly reason: string;
}

export const documentExceptions: readonly DocumentException[] = [
  {
    page: 'deploying.md',
    command: 'npm ci',
    reason: 'The tests run in a clone in which it has been run.',
  },
  {
    page: 'deploying.md',
    command: 'npx connectors send Ask',
    reason:
      'It asks a model on the internet, with a key of somebody. How the key is read: test/aws/provider-keys.aws.test.ts.',
  },
  {
    page: 'operating.md',
    command: 'BACKUP=',
    reason:
      'The emulator makes no backup of a table that is deleted: the table is restored before it is lost.',
  },
  {
    page: 'operating.md',
    command: 'aws dynamodb restore-table-from-backup',
    reason: 'As above.',
  },
];
