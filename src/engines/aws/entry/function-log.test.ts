import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const program = `
const { functionLog, publishMetrics } = await import('./function-log.ts');
functionLog.info('dead-letter.kept', {});
publishMetrics();
`;

/** What a function of this deployment writes, line by line. */
async function linesOf(DEPLOYMENT_NAME: string): Promise<unknown[]> {
  const env = { ...process.env, DEPLOYMENT_NAME, POWERTOOLS_SERVICE_NAME: 'dead-letters' };
  const own = { ...env, POWERTOOLS_METRICS_NAMESPACE: 'AgentConnectors', POWERTOOLS_DEV: 'false' };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname),
    env: own,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('what a function counts is told apart from the counts of other deployments', async () => {
  expect(await linesOf('staging-0A1B2C3D')).toContainEqual(
    expect.objectContaining({
      deployment: 'staging-0A1B2C3D',
      service: 'dead-letters',
      DeadLetters: 1,
      _aws: expect.objectContaining({
        CloudWatchMetrics: [expect.objectContaining({ Dimensions: [['service', 'deployment']] })],
      }),
    }),
  );
});
