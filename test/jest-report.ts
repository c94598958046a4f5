import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import * as z from 'zod';

const testFile = z.looseObject({
  /** Its path. */
  name: z.string(),
  status: z.string(),
  /** What Jest prints of its failures. */
  message: z.string(),
  /** Unix ms, as the end. */
  startTime: z.number(),
  endTime: z.number(),
  assertionResults: z.array(z.looseObject({ fullName: z.string(), status: z.string() })),
});

/** What is used of the report that Jest writes with `--json`. */
const jestReport = z.looseObject({
  startTime: z.number(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(testFile),
  /** What failed at first, and passed when its file was run again. Ours, not Jest's. */
  secondTries: z.array(z.string()).default([]),
});

export type JestReport = z.infer<typeof jestReport>;
export type TestFileReport = z.infer<typeof testFile>;

/** @throws where the file is not there, or is not such a report */
export function readJestReport(path: string): JestReport {
  return jestReport.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** The files of which a test failed, or which could not be run. */
export function failedFiles({ testResults }: JestReport): readonly TestFileReport[] {
  return testResults.filter(({ status }) => status === 'failed');
}

/** A file's tests that failed, with its path; of a file that could not be run, a word for all of it. */
export function failedTests({ name, assertionResults }: TestFileReport): readonly string[] {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const titles = failed.length > 0 ? failed.map(({ fullName }) => fullName) : ['the whole file'];
  return titles.map((title) => `${relative(process.cwd(), name)}: ${title}`);
}
