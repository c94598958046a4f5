import { resolve } from 'node:path';
import {
  type ConnectorFile,
  type ConnectorFiles,
  problemIn,
  readConnectorFiles,
} from '../../agents/connector-files/read-connector-files.ts';
import type { FieldProblem } from '../../core/field-problem.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import { CliFailure } from '../cli-failure.ts';
import { colours } from '../colours.ts';
import { problemLines } from '../render/problem-lines.ts';

export interface FileSettings {
  readonly projectDir: string;
  /** `null` if none is chosen. */
  readonly environment: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads the connectors of a project. @throws CliFailure if it has no folder for them */
export async function readFiles({ projectDir, environment, env }: FileSettings): Promise<ConnectorFiles> {
  // Loaded on demand: help must appear at once.
  const { loadConnectorTypes } = await import('../../connectors/index.ts');
  const options = {
    types: await loadConnectorTypes(),
    environment,
    variables: env,
    secretsAs: 'values' as const,
  };
  const read = await readConnectorFiles(projectDir, options);
  if (read !== null) return read;
  const folder = resolve(projectDir);
  const hint =
    'Write connectors/<name>.yaml, or run "connectors export", which writes the connectors that exist.';
  throw new CliFailure('failed', `There is no folder "connectors" in ${folder}. ${hint}`);
}

/** Problems that were found in descriptions, at their places in the files. */
export function placedProblems(
  files: readonly ConnectorFile[],
  problems: readonly FieldProblem[],
): readonly ProjectProblem[] {
  return problems.map(({ field, message }) => {
    const [, index, ...path] = field.split('.');
    const file = files[Number(index)];
    if (file !== undefined) return problemIn(file, path, message);
    return { file: 'connectors', line: null, field: field === '' ? null : field, message };
  });
}

/** The failure for files with problems. */
export function filesFailure(problems: readonly ProjectProblem[]): CliFailure {
  const sorted = inOrder(problems);
  const { length } = sorted;
  const title = `The connectors have ${length} ${length === 1 ? 'error' : 'errors'}; nothing was changed:`;
  return new CliFailure('failed', `${title}\n${problemLines(sorted, colours(process.stderr))}`);
}

/** Problems by file and line. */
export function inOrder(problems: readonly ProjectProblem[]): readonly ProjectProblem[] {
  return [...problems].sort(
    (one, other) => one.file.localeCompare(other.file) || (one.line ?? 0) - (other.line ?? 0),
  );
}

/** The failure for a project with problems. */
export function projectFailure(projectDir: string, problems: readonly ProjectProblem[]): CliFailure {
  const { length } = problems;
  const title = `The project in ${resolve(projectDir)} has ${length} ${length === 1 ? 'error' : 'errors'}:`;
  return new CliFailure('failed', `${title}\n${problemLines(problems, colours(process.stderr))}`);
}
