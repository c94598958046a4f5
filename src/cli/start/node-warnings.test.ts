import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const { resolve } = createRequire(import.meta.url);

/** What a process writes to stderr if it prints warnings like a start and then runs `code`. */
async function warningsOf(code: string): Promise<string> {
  const setUp = `
    import { printUnexpectedWarnings } from ${JSON.stringify(import.meta.resolve('./node-warnings.ts'))};
    printUnexpectedWarnings();`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', setUp + code]);
  return stderr;
}

/**
 * A request queue of kafkajs that was never throttled and has nothing to send, as in every new connection. It checks
 * forever.
 */
const queueOfKafkajs = `
  const { default: RequestQueue } = await import(${JSON.stringify(resolve('kafkajs/src/network/requestQueue/index.js'))});
  const logger = { namespace: () => ({ debug() {} }) };
  new RequestQueue({ logger, isConnected: () => true }).scheduleCheckPendingRequests();
  setImmediate(() => process.exit());`;

test('kafkajs sets a timer in the past, and nobody is told', async () => {
  const silenced = "process.on('warning', ({ name }) => process.stdout.write(name));";
  expect(await warningsOf(queueOfKafkajs)).toBe('');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    silenced + queueOfKafkajs,
  ]);
  expect(stdout).toBe('TimeoutNegativeWarning');
});

test('any other warning is printed as Node prints it', async () => {
  const code = "process.emitWarning('The sea is rough.', 'WeatherWarning');";
  expect(await warningsOf(code)).toMatch(/^\(node:\d+\) WeatherWarning: The sea is rough\.\n$/);
});
