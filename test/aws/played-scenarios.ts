import { readJestReport } from '../jest-report.ts';

/**
 * Compares what a run of Jest has left out with what it was told to.
 *
 * @param file its report, as JSON
 * @param named full names of what is to be left out
 * @returns a sentence for each name that is in only one of them
 */
export function unplayed(file: string, named: readonly string[]): string[] {
  const { testResults } = readJestReport(file);
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const pending = all.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName);
  return [
    ...named
      .filter((name) => !pending.includes(name))
      .map((name) => `There is no scenario to leave out: ${name}`),
    ...pending.filter((name) => !named.includes(name)).map((name) => `Left out without a reason: ${name}`),
  ];
}
