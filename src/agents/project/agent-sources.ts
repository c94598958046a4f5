import { basename, dirname, extname } from 'node:path/posix';
import type { ProblemLog } from './problem-log.ts';
import type { ProjectFile } from './project-files.ts';
import type { LocatedValue } from './yaml-sources/located-value.ts';
import { mergeLocated } from './yaml-sources/merge-located.ts';
import { readYaml } from './yaml-sources/read-yaml.ts';

/** An agent file, merged with the `_defaults.yaml` files that it inherits from its folders. */
export interface AgentSource {
  readonly file: string;
  readonly value: LocatedValue;
  /** Whether a `_defaults.yaml` above it is broken, which may contain the fields that it lacks. */
  readonly isPartial: boolean;
}

export interface AgentSources {
  readonly agents: readonly AgentSource[];
  readonly defaults: readonly AgentSource[];
  /** The names that agents in broken files seem to have. */
  readonly brokenNames: readonly string[];
}

/**
 * Reads the YAML files of `agents/`; problems go to the log.
 *
 * @param unreadable files and folders of the project that cannot be read
 */
export function readAgentSources(
  files: readonly ProjectFile[],
  unreadable: ReadonlySet<string>,
  log: ProblemLog,
): AgentSources {
  const isDefaults = ({ file }: { file: string }) => /(^|\/)_defaults\.ya?ml$/.test(file);
  const read = files.map(({ file, text }) => ({ file, text, result: readYaml(file, text) }));
  for (const { result } of read) if (result.outcome === 'broken') log.add(result.problems);
  const defaults = new Map(
    read.filter(isDefaults).map(({ file, result }) => [dirname(file), { file, result }]),
  );
  const own = read.filter((source) => !isDefaults(source));
  const agents = own.flatMap(({ file, result }): readonly AgentSource[] => {
    if (result.outcome === 'broken') return [];
    const folders = foldersDownTo(file);
    const chain = [...folders.flatMap((folder) => defaults.get(folder)?.result ?? []), result];
    const values = chain.flatMap((link) => (link.outcome === 'read' ? link.value : []));
    const isPartial =
      values.length < chain.length ||
      folders.some((folder) => ['yaml', 'yml'].some((end) => unreadable.has(`${folder}/_defaults.${end}`)));
    return [{ file, value: values.reduce(mergeLocated), isPartial }];
  });
  return {
    agents,
    defaults: [...defaults.values()].flatMap(({ file, result }) =>
      result.outcome === 'read' ? { file, value: result.value, isPartial: false } : [],
    ),
    brokenNames: own.flatMap(({ file, text, result }) =>
      result.outcome === 'broken' ? [nameOfFile(file), ...namesIn(text)] : [],
    ),
  };
}

/** Most agents are named like their file. */
export function nameOfFile(file: string): string {
  return basename(file, extname(file));
}

/** The values of `name`, wherever a text that is not valid YAML has one. */
function namesIn(text: string): readonly string[] {
  const found = text.matchAll(/\bname["']?\s*:?\s*["']?([a-z0-9][a-z0-9-]*)/g);
  return [...found].flatMap(([, name]) => name ?? []);
}

/** The folders from `agents/` down to the file's own. */
function foldersDownTo(file: string): readonly string[] {
  const parts = dirname(file).split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
