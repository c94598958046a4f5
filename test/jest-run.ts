import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failedFiles, failedTests, type JestReport, readJestReport } from './jest-report.ts';

const root = join(import.meta.dirname, '..');

/** More failed files than this are no accident. */
const mostAgain = 6;

/**
 * Runs Jest in a process of its own.
 *
 * @returns whether all tests passed
 */
async function runJest(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const jest = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const [code] = await once(jest, 'exit');
  return code === 0;
}

/** What is run with Jest. */
export interface JestRun {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Chooses test files by a part of their paths; without, all are run. */
  readonly chosen?: readonly string[];
  /** Where its report goes, if anybody wants it; what is there from before is replaced. */
  readonly report?: string | undefined;
}

/**
 * Runs Jest, and a second time those files of which a test failed (see {@link secondTry}).
 *
 * @returns whether all tests passed, at the first or the second try
 */
export async function runTests({
  args,
  environment = {},
  chosen = [],
  ...wanted
}: JestRun): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  const { report = join(folder, 'report.json') } = wanted;
  try {
    await rm(report, { force: true });
    const patterns = chosen.length === 0 ? [] : ['--testPathPatterns', ...chosen];
    const reporting = ['--json', '--outputFile', report];
    const passed = await runJest([...args, ...reporting, ...patterns], environment);
    return passed || (await secondTry(report, args, environment));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Runs the files that failed once more, alone: suites that run side by side take each other's processor, and a test that
 * waits for something may wait too long then. What passes now is named in the report, so that nobody takes it for sound.
 *
 * @param report of the first try; the second one replaces what it ran
 * @param args of the first try, without what chose its files
 * @returns whether all of them passed now
 */
export async function secondTry(
  report: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  if (!existsSync(report)) return false;
  const first = readJestReport(report);
  const failed = failedFiles(first);
  if (failed.length === 0 || failed.length > mostAgain) return false;
  const names = failed.flatMap(failedTests);
  process.stdout.write(`Once more, alone:\n${names.map((name) => `  ${name}\n`).join('')}`);
  const again = `${report}.again`;
  const chosen = ['--runInBand', '--runTestsByPath', ...failed.map(({ name }) => name)];
  await runJest([...args, '--json', '--outputFile', again, ...chosen], environment);
  if (!existsSync(again)) return false;
  const second = readJestReport(again);
  await rm(again);
  await writeFile(report, JSON.stringify(merged(first, second)));
  return failedFiles(second).length === 0 && second.testResults.length === failed.length;
}

function merged(first: JestReport, second: JestReport): JestReport {
  const again = new Map(second.testResults.map((file) => [file.name, file]));
  const testResults = first.testResults.map((file) => again.get(file.name) ?? file);
  const count = (wanted: string) =>
    testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === wanted)
      .length;
  const secondTries = failedFiles(first)
    .filter(({ name }) => again.get(name)?.status === 'passed')
    .flatMap(failedTests);
  return {
    ...first,
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    secondTries,
  };
}
