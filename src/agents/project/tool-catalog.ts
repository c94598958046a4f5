import { basename } from 'node:path/posix';
import { suggestion } from '../../core/nearest-name.ts';
import type { ToolDescription } from '../agent-project.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ProjectFile } from './project-files.ts';
import { describeTools, type ToolModule } from './tool-sources/describe-tools.ts';

/** The tools of a project. */
export interface ToolCatalog {
  /** By name, in order. */
  readonly tools: ReadonlyMap<string, ToolDescription>;
  /** By module name (file name without its extension). */
  readonly modules: ReadonlyMap<string, ToolModule>;
}

/** Reads the tools from the files of `tools/`; problems go to the log. */
export function readToolCatalog(files: readonly ProjectFile[], log: ProblemLog): ToolCatalog {
  const modules = new Map(
    files.map(({ file, text }) => {
      const name = basename(file, '.ts');
      return [name, describeTools(name, file, text)] as const;
    }),
  );
  for (const { problems } of modules.values()) log.add(problems);
  const tools = [...modules.values()].flatMap((module) => module.tools);
  return { tools: new Map(tools.map((tool) => [tool.name, tool])), modules };
}

/** The tools that `module.function`, `module.*` or `module.search_*` refers to; empty if there are none. */
export function toolsNamed(reference: string, { tools }: ToolCatalog): readonly string[] {
  if (!reference.includes('*')) return tools.has(reference) ? [reference] : [];
  const parts = reference.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('[^.]*')}$`);
  return [...tools.keys()].filter((name) => pattern.test(name));
}

/** Why a reference fits no tool, in one sentence; `null` if its file is broken, which is already reported. */
export function missingTool(reference: string, { tools, modules }: ToolCatalog): string | null {
  const [moduleName = '', functionName] = reference.split('.');
  const module = modules.get(moduleName);
  if (functionName === undefined) {
    return `"${reference}" is not a tool: expected "module.function".${suggestion(reference, tools.keys())}`;
  }
  if (module === undefined) {
    const near = suggestion(reference, tools.keys());
    return `There is no file tools/${moduleName}.ts for "${reference}".${near}`;
  }
  if (module.tools.length === 0 && module.problems.length > 0) return null;
  if (module.notAsync.includes(reference)) {
    return `"${reference}" is not async: a tool is an exported async function.`;
  }
  if (reference.includes('*')) return `"${reference}" fits no tool in ${module.file}.`;
  return `${module.file} exports no async function "${functionName}".${suggestion(reference, tools.keys())}`;
}
