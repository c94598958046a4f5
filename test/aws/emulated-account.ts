import { dirname, join } from 'node:path';
import { installMinistack } from './install-ministack.ts';
import { type Ministack, startMinistack } from './ministack.ts';

const root = join(import.meta.dirname, '../..');

/** Starts an empty account that deployed functions run in. */
export function emulatedAccount(): Promise<Ministack> {
  return startMinistack(installMinistack(), {
    // Functions run in this very Node.
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    // Lambda's own runtime has the AWS SDK; what the CDK itself brings along (emptying a bucket) relies on it.
    NODE_PATH: join(root, 'node_modules'),
  });
}
