import { parseArgs } from 'node:util';
import { secondTry } from './jest-run.ts';

// `node test/second-try.ts <report> [--config <Jest's configuration>]`: runs those test files once more that failed, by the
// report that Jest has written with --json. Ends with 0 where all of them pass now.

const { values, positionals } = parseArgs({
  options: { config: { type: 'string' } },
  allowPositionals: true,
});
const [report] = positionals;
if (report === undefined) throw new Error('Name a report that Jest has written with --json.');
const args = values.config === undefined ? [] : ['--config', values.config];
process.exitCode = (await secondTry(report, args)) ? 0 : 1;
