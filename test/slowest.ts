import { relative } from 'node:path';
import { readJestReport } from './jest-report.ts';

/** A file that takes longer holds up a run that is nearly done. */
const longestSeconds = 20;

/**
 * A program: says which test files took longest in a run, the slowest first.
 *
 * `npm test -- --json --outputFile=report.json`, then `npm run test:slowest -- report.json [how many]`.
 */
function slowest(reportFile: string, count: number): string {
  const { startTime, testResults } = readJestReport(reportFile);
  const files = testResults
    .map((file) => ({ ...file, seconds: (file.endTime - file.startTime) / 1_000 }))
    .sort((one, other) => other.seconds - one.seconds);
  const wholeSeconds = (Math.max(...files.map(({ endTime }) => endTime)) - startTime) / 1_000;
  const tooLong = files.filter(({ seconds }) => seconds > longestSeconds).length;
  return [
    `${wholeSeconds.toFixed(0)} s in all; ${tooLong} of ${files.length} files took more than ${longestSeconds} s`,
    ...files.slice(0, count).map(({ name, seconds, assertionResults }) => {
      const tests = `${assertionResults.length} tests`;
      return `${seconds.toFixed(1).padStart(7)} s  ${tests.padStart(9)}  ${relative(process.cwd(), name)}`;
    }),
  ].join('\n');
}

const [reportFile, count = '15'] = process.argv.slice(2);
if (reportFile === undefined) throw new Error('Name a report that Jest has written with --json.');
process.stdout.write(`${slowest(reportFile, Number(count))}\n`);
