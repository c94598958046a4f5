import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const cdkCommand = join(root, 'node_modules/aws-cdk/bin/cdk');

/** Longer than any step takes on a busy machine; a deployment that hangs is ended. */
const stepMs = 600_000;

/** Settings as arguments of the command line. */
export function inContext(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * Runs the real command line of the CDK.
 *
 * @param environment of the account
 * @param app path of the CDK app in this repository
 * @throws Error with the end of what it has written, where it fails
 */
export async function cdk(
  environment: Readonly<Record<string, string>>,
  app: string,
  args: readonly string[],
): Promise<void> {
  const env = { ...process.env, ...environment, CI: 'true' };
  try {
    await run(process.execPath, [cdkCommand, ...args, '--app', `"${process.execPath}" ${app}`], {
      cwd: root,
      env,
      timeout: stepMs,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (thrown) {
    const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(thrown);
    throw new Error(`cdk ${args[0]} failed:\n${stderr.slice(-6_000)}\n${stdout.slice(-2_000)}`);
  }
}
