import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { failedFiles, failedTests, readJestReport } from './jest-report.ts';

/** What is printed of a file's failures, in characters: enough for the first one. */
const mostOfAFailure = 1_500;

/**
 * A program, the end of .ci/run: what failed and why, what passed at the second try only, and a line that counts.
 *
 * `node test/sum-up.ts <folder of Jest's reports> [name of a check that failed ...]`
 */
function sumUp(folder: string, failedChecks: readonly string[]): string {
  const reports = readdirSync(folder).map((file) => readJestReport(join(folder, file)));
  const broken = reports.flatMap(failedFiles);
  const passed = reports.reduce((sum, { numPassedTests }) => sum + numPassedTests, 0);
  const failed = broken.flatMap(failedTests).length;
  return [
    ...reports.flatMap(({ secondTries }) => secondTries).map((name) => `passed at the second try: ${name}`),
    ...broken.map(({ name, message }) =>
      [`FAIL ${relative(process.cwd(), name)}`, message.trim().slice(0, mostOfAFailure)].join('\n'),
    ),
    ...failedChecks.map((name) => `failed: ${name}`),
    `${passed} passed, ${Math.max(failed, failedChecks.length)} failed`,
  ].join('\n');
}

const [folder, ...failedChecks] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder of Jest's reports.");
process.stdout.write(`${sumUp(folder, failedChecks)}\n`);
