import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { ProblemLog } from './problem-log.ts';

/** A text file of a project. */
export interface ProjectFile {
  /** Relative to the project folder, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

/** The files of a project by role; the layout is the manifest (agents.md). */
export interface ProjectFiles {
  /** `agents/**` with the extension yaml or yml, including `_defaults.yaml`. */
  readonly agents: readonly ProjectFile[];
  /** `schemas/*.json`. */
  readonly schemas: readonly ProjectFile[];
  /** `tools/*.ts`; files that start with an underscore and those in subfolders are code that tools share. */
  readonly tools: readonly ProjectFile[];
  /** `middleware/*.ts`, by the same rules as tools. */
  readonly middleware: readonly ProjectFile[];
  /** `hooks/*.ts`, by the same rules as tools. */
  readonly hooks: readonly ProjectFile[];
  /** `guardrails/*.ts`, by the same rules as tools. */
  readonly guardrails: readonly ProjectFile[];
  /** All other files in `tools/`, `middleware/`, `hooks/` and `guardrails/`, at any depth; `text` if TypeScript. */
  readonly others: readonly OtherFile[];
}

export type OtherFile = Pick<ProjectFile, 'file'> & { readonly text: string | null };

/** Reads the files of a project folder; missing or unreadable ones are reported to the log. */
export async function readProjectFiles(projectDir: string, log: ProblemLog): Promise<ProjectFiles> {
  const [agents, schemas, tools, middleware, hooks, guardrails, others] = await Promise.all([
    readFolder(projectDir, 'agents', /\.ya?ml$/, true, log),
    readFolder(projectDir, 'schemas', /\.json$/, false, log),
    readFolder(projectDir, 'tools', codeFile, false, log),
    readFolder(projectDir, 'middleware', codeFile, false, log),
    readFolder(projectDir, 'hooks', codeFile, false, log),
    readFolder(projectDir, 'guardrails', codeFile, false, log),
    readOthers(projectDir, log),
  ]);
  if (agents.length === 0 && log.problems.length === 0) {
    const message = (await isFolder(projectDir))
      ? `The project has no agents: expected at least one file such as agents/my-agent.yaml in ${projectDir}.`
      : `There is no folder ${projectDir}: expected a project with agents/, and schemas/, tools/ and middleware/ as needed.`;
    log.refuse({ file: 'agents', line: null }, [], message);
  }
  return { agents, schemas, tools, middleware, hooks, guardrails, others };
}

/** The files of connectors: `connectors/*.yaml`; `null` if the project has no such folder. */
export async function readConnectorTexts(
  projectDir: string,
  log: ProblemLog,
): Promise<readonly ProjectFile[] | null> {
  if (!(await isFolder(join(projectDir, 'connectors')))) return null;
  return readFolder(projectDir, 'connectors', /\.ya?ml$/, false, log);
}

/** Excludes helpers (`_shared.ts`), declarations and tests, which may be next to the code. */
const codeFile = /^(?!_)(?!.*\.(d|test|spec)\.ts$).*\.ts$/;

/** Folders whose files should all be code of the project. */
const codeFolders = ['tools', 'middleware', 'hooks', 'guardrails'];

/** Subfolders that are skipped: those that an author has set aside, and installed packages. */
const asideFolder = /^_|^node_modules$/;

async function readOthers(projectDir: string, log: ProblemLog): Promise<readonly OtherFile[]> {
  const listed = await Promise.all(codeFolders.map((folder) => listFiles(projectDir, folder, true, log)));
  const others = listed.flat().filter((file) => {
    const [, ...path] = file.split('/');
    const isCode = path.length === 1 && codeFile.test(path[0] ?? '');
    return !isCode && !path.slice(0, -1).some((name) => asideFolder.test(name));
  });
  return Promise.all(
    others.map(async (file) =>
      file.endsWith('.ts')
        ? ((await readTextFile(projectDir, file, log)) ?? { file, text: null })
        : { file, text: null },
    ),
  );
}

async function readFolder(
  projectDir: string,
  folder: string,
  fileName: RegExp,
  isDeep: boolean,
  log: ProblemLog,
): Promise<readonly ProjectFile[]> {
  const files = await listFiles(projectDir, folder, isDeep, log);
  const wanted = files.filter((file) => fileName.test(file.slice(file.lastIndexOf('/') + 1)));
  const read = await Promise.all(wanted.map((file) => readTextFile(projectDir, file, log)));
  return read.filter((file) => file !== null);
}

async function listFiles(
  projectDir: string,
  folder: string,
  isDeep: boolean,
  log: ProblemLog,
): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(projectDir, folder));
    const visible = entries.filter((name) => !name.startsWith('.')).sort();
    const listed = visible.map(async (name) => {
      const file = `${folder}/${name}`;
      if (!(await isFolder(join(projectDir, file)))) return [file];
      return isDeep ? listFiles(projectDir, file, isDeep, log) : [];
    });
    return (await Promise.all(listed)).flat();
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') log.refuse({ file: folder, line: null }, [], unreadable(thrown));
    return [];
  }
}

async function readTextFile(projectDir: string, file: string, log: ProblemLog): Promise<ProjectFile | null> {
  try {
    const bytes = await readFile(join(projectDir, file));
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (thrown) {
    const message =
      codeOf(thrown) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? 'The file is not UTF-8 text.'
        : unreadable(thrown);
    log.refuse({ file, line: null }, [], message);
    return null;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOTDIR: 'it is not a folder',
  ELOOP: 'its link leads back to itself',
};

function unreadable(thrown: unknown): string {
  return `It cannot be read: ${reasons[codeOf(thrown)] ?? messageOf(thrown)}.`;
}

function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}
