import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const program = `
const { scheduledFunction } = await import('./work-function.ts');
const fail = (message) => async () => {
  throw new Error(message);
};
const handler = scheduledFunction({
  good: async () => console.log('good'),
  bad: fail('no luck'),
  worse: fail('no table'),
  last: async () => console.log('last'),
});
await handler({}, { awsRequestId: 'r' }).catch(({ message }) => console.log('failed: ' + message));
`;

test('a function on a schedule takes every step, logs those that fail, and fails with the first error', async () => {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, POWERTOOLS_DEV: 'false' },
  });
  const lines = stdout.trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual(['good', 'last', 'failed: no luck']);
  const logged = `${stdout}\n${stderr}`.split('\n').filter((line) => line.startsWith('{'));
  expect(logged.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'ERROR', message: 'step.failed', step: 'bad', reason: 'no luck' },
    { level: 'ERROR', message: 'step.failed', step: 'worse', reason: 'no table' },
  ]);
});
