import { basename } from 'node:path/posix';
import { suggestion } from '../../core/nearest-name.ts';
import type { ToolDescription } from '../agent-project.ts';
import { patternOf } from '../tool-patterns.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ProjectFile } from './project-files.ts';
import { describeTools, type ToolModule } from './tool-sources/describe-tools.ts';

/** The tools of a project. */
export interface ToolCatalog {
  /** By name, in order. */
  readonly tools: ReadonlyMap<string, ToolDescription>;
  /** By module name (file name without its extension). */
  readonly modules: ReadonlyMap<string, ToolModule>;
  /** Names of the modules whose tools are not known, because their files cannot be read; `*` if no file can. */
  readonly brokenModules: ReadonlySet<string>;
}

/**
 * Reads the tools from the files of `tools/`; problems go to the log.
 *
 * @param unreadable files and folders of the project that cannot be read
 */
export function readToolCatalog(
  files: readonly ProjectFile[],
  unreadable: ReadonlySet<string>,
  log: ProblemLog,
): ToolCatalog {
  const modules = new Map(
    files.map(({ file, text }) => {
      const name = basename(file, '.ts');
      return [name, describeTools(name, file, text)] as const;
    }),
  );
  for (const { problems } of modules.values()) log.add(problems);
  const tools = [...modules.values()].flatMap((module) => module.tools);
  return {
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    modules,
    brokenModules: brokenModules(modules, unreadable),
  };
}

function brokenModules(
  modules: ToolCatalog['modules'],
  unreadable: ReadonlySet<string>,
): ToolCatalog['brokenModules'] {
  const unparsed = [...modules.values()].filter(
    ({ tools, problems }) => tools.length === 0 && problems.length > 0,
  );
  const files = [...unparsed.map(({ file }) => file), ...unreadable];
  const ofTools = files.filter((file) => /^tools(\/[^/]+)?$/.test(file));
  return new Set(ofTools.map((file) => (file === 'tools' ? '*' : basename(file, '.ts'))));
}

/** The tools that `module.function`, `module.*` or `module.search_*` refers to; empty if there are none. */
export function toolsNamed(reference: string, { tools }: ToolCatalog): readonly string[] {
  if (!reference.includes('*')) return tools.has(reference) ? [reference] : [];
  const pattern = patternOf(reference);
  return [...tools.keys()].filter((name) => pattern.test(name));
}

/**
 * Why a reference fits no tool, in one sentence; `null` if its file is broken, which is already reported.
 *
 * @param builtIn names of tools without a file that could be meant
 */
export function missingTool(
  reference: string,
  { tools, modules, brokenModules }: ToolCatalog,
  builtIn: readonly string[] = [],
): string | null {
  const [moduleName = '', functionName] = reference.split('.');
  const module = modules.get(moduleName);
  if (functionName === undefined) {
    const near = suggestion(reference, [...builtIn, ...tools.keys()]);
    return `"${reference}" is not a tool: expected "module.function".${near}`;
  }
  const inModule = patternOf(moduleName);
  if (brokenModules.has('*') || [...brokenModules].some((name) => inModule.test(name))) return null;
  if (module === undefined) {
    const near = suggestion(reference, tools.keys());
    return `There is no file tools/${moduleName}.ts for "${reference}".${near}`;
  }
  if (module.notAsync.includes(reference)) {
    return `"${reference}" is not async: a tool is an exported async function.`;
  }
  if (reference.includes('*')) return `"${reference}" fits no tool in ${module.file}.`;
  return `${module.file} exports no async function "${functionName}".${suggestion(reference, tools.keys())}`;
}
