import { dirname } from 'node:path/posix';
import type { ProblemLog } from './problem-log.ts';
import type { ProjectFile } from './project-files.ts';
import type { LocatedValue } from './yaml-sources/located-value.ts';
import { mergeLocated } from './yaml-sources/merge-located.ts';
import { readYaml } from './yaml-sources/read-yaml.ts';

/** An agent file, merged with the `_defaults.yaml` files that it inherits from its folders. */
export interface AgentSource {
  readonly file: string;
  readonly value: LocatedValue;
}

export interface AgentSources {
  readonly agents: readonly AgentSource[];
  readonly defaults: readonly AgentSource[];
  /** Whether every file could be read: only then is an unknown agent really missing. */
  readonly isComplete: boolean;
}

/**
 * Reads the YAML files of `agents/`. Agents below a broken `_defaults.yaml` are left out: it may contain the fields
 * that they lack.
 */
export function readAgentSources(files: readonly ProjectFile[], log: ProblemLog): AgentSources {
  const isDefaults = ({ file }: { file: string }) => /(^|\/)_defaults\.ya?ml$/.test(file);
  const read = files.map(({ file, text }) => ({ file, result: readYaml(file, text) }));
  for (const { result } of read) if (result.outcome === 'broken') log.add(result.problems);
  const defaults = new Map(
    read.filter(isDefaults).map(({ file, result }) => [dirname(file), { file, result }]),
  );
  const agents = read
    .filter((source) => !isDefaults(source))
    .flatMap(({ file, result }): readonly AgentSource[] => {
      const chain = [...foldersDownTo(file).flatMap((folder) => defaults.get(folder)?.result ?? []), result];
      const values = chain.flatMap((link) => (link.outcome === 'read' ? link.value : []));
      return values.length < chain.length ? [] : [{ file, value: values.reduce(mergeLocated) }];
    });
  return {
    agents,
    defaults: [...defaults.values()].flatMap(({ file, result }) =>
      result.outcome === 'read' ? { file, value: result.value } : [],
    ),
    isComplete: read.every(({ result }) => result.outcome === 'read'),
  };
}

/** The folders from `agents/` down to the file's own. */
function foldersDownTo(file: string): readonly string[] {
  const parts = dirname(file).split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
