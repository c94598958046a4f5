import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Deployment, deploy } from './deployment.ts';
import { emulatedAccount } from './emulated-account.ts';
import { emulatorExceptions } from './exceptions.ts';
import { leftovers } from './leftovers.ts';

/**
 * A program: from an empty emulated account to a deployed system, all scenarios against it, and back to an empty
 * account. Arguments go to Jest.
 */
const root = join(import.meta.dirname, '../..');

/** A deployment shares two processors with the emulator, and each first call starts a function. */
const scenarioMs = 90_000;

async function main(): Promise<number> {
  const account = await emulatedAccount();
  try {
    say('Deploying');
    const deployment = await deploy(account);
    for (const { name, reason } of emulatorExceptions) say(`Exception ${name}: ${reason}`);
    const failed = await playScenarios(deployment);
    say('Destroying');
    await deployment.destroy();
    const left = await leftovers(account);
    if (left.length > 0) say(`Left in the account: ${left.join(', ')}`);
    return failed || left.length > 0 ? 1 : 0;
  } finally {
    await account.stop();
  }
}

async function playScenarios({ url, token }: Deployment): Promise<boolean> {
  const skipped = emulatorExceptions.flatMap(({ scenarios }) => scenarios.map(escaped));
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--runInBand', '--testTimeout', String(scenarioMs)],
      ...['--testNamePattern', `^(?!(${skipped.join('|')})$)`],
      ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/scenarios']),
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, SCENARIO_URL: url, SCENARIO_TOKEN: token } },
  );
  const [code] = await once(jest, 'exit');
  return code !== 0;
}

/** Stands for itself in a regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
