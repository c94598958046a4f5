import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freshPage } from '../dashboard/fresh-page.ts';
import { pythonTool } from '../python-tool.ts';
import { functionSurroundings } from './function-surroundings.ts';
import { jestRun } from './jest-run.ts';
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
const report = reports === undefined ? [] : ['--json', '--outputFile', join(reports, 'aws-documents.json')];
const settings = [
  '--config',
  'test/aws/deployed/jest.config.js',
  '--runInBand',
  '--roots',
  'test/aws/documents',
];
const passed = await jestRun([...settings, ...report], account.environment);
await account.stop();
process.exitCode = passed ? 0 : 1;
