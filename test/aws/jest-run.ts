import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * Runs Jest in a process of its own.
 *
 * @returns whether all tests passed
 */
export async function jestRun(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      ...args,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } },
  );
  const [code] = await once(jest, 'exit');
  return code === 0;
}
