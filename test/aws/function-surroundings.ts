import { dirname, join } from 'node:path';

/** What functions of an emulated account find in their environment, beside what their deployment says. */
export const functionSurroundings = {
  // Functions run in this very Node.
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  // Lambda's own runtime has the AWS SDK; what the CDK itself brings along (emptying a bucket) relies on it.
  NODE_PATH: join(import.meta.dirname, '../../node_modules'),
} as const;
