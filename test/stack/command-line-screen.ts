import { execFile } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');

/** What stood on the screen when the command line of the CDK had ended. */
export interface Screen {
  readonly failed: boolean;
  readonly text: string;
}

/**
 * Runs the real command line of the CDK in the repository.
 *
 * @param env its whole environment, beside the PATH
 */
export function cdkScreen(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Screen> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cdk, ...args],
      {
        cwd: root,
        env: { PATH: process.env['PATH'], CI: 'true', AWS_EC2_METADATA_DISABLED: 'true', ...env },
      },
      (error, stdout, stderr) => resolve({ failed: error !== null, text: `${stdout}${stderr}` }),
    );
  });
}
