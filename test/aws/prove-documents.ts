import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freshPage } from '../dashboard/fresh-page.ts';
import { runTests } from '../jest-run.ts';
import { pythonTool } from '../python-tool.ts';
import { functionSurroundings } from './function-surroundings.ts';
import { startMinistack } from './ministack.ts';

/**
 * A program: types the commands of the pages for whoever deploys and operates, one by one, against an empty emulated account.
 * With `--reports <folder>` Jest's report goes there as JSON.
 */
const { values } = parseArgs({ options: { reports: { type: 'string' } } });
const { reports } = values;

// What was started ends with this program, whatever ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

await freshPage();
const account = await startMinistack(pythonTool('ministack'), functionSurroundings());
const passed = await runTests({
  args: ['--config', 'test/aws/deployed/jest.config.js', '--runInBand', '--roots', 'test/aws/documents'],
  environment: account.environment,
  report: reports && join(reports, 'aws-documents.json'),
});
await account.stop();
process.exitCode = passed ? 0 : 1;
