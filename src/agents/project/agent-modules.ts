import { basename } from 'node:path/posix';
import { suggestion } from '../../core/nearest-name.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ProjectFile } from './project-files.ts';
import { exportedFunctions } from './tool-sources/exported-functions.ts';
import { lineOf, parseModule, type SourceModule } from './tool-sources/source-module.ts';

/** Folders whose files belong to one agent each. */
const folders = {
  middleware: { title: 'Middleware exports', aFile: 'a middleware file has' },
  hooks: { title: 'A file of hooks exports', aFile: 'a file of hooks has' },
} as const;

const exportNames: readonly string[] = ['before', 'after'];

/**
 * Checks the files of `middleware/` or `hooks/`: each is named after an agent and exports `before`, `after` or both, and
 * nothing else (agents.md). Problems go to the log.
 *
 * @param agentNames `null` if an agent file could not be read, so that the names are not complete
 * @returns the agents that have such a file
 */
export function checkAgentModules(
  folder: keyof typeof folders,
  files: readonly ProjectFile[],
  agentNames: ReadonlySet<string> | null,
  log: ProblemLog,
): ReadonlySet<string> {
  const { title, aFile } = folders[folder];
  for (const { file, text } of files) {
    const name = basename(file, '.ts');
    if (agentNames !== null && !agentNames.has(name)) {
      const message = `There is no agent named "${name}": ${aFile} the name of its agent.${suggestion(name, agentNames)}`;
      log.refuse({ file, line: null }, [], message);
    }
    const parsed = parseModule(file, text);
    if (parsed.outcome === 'broken') log.add(parsed.problems);
    else checkExports(parsed.module, title, log);
  }
  return new Set(files.map(({ file }) => basename(file, '.ts')));
}

function checkExports(module: SourceModule, title: string, log: ProblemLog): void {
  const functions = new Set(exportedFunctions(module).map(({ name }) => name));
  const exported = exportedValues(module);
  for (const { name, start } of exported) {
    const line = lineOf(module.text, { start });
    if (!exportNames.includes(name)) {
      const message = `${title} "before" and "after" only; move "${name}" to another file.`;
      log.refuse({ file: module.file, line }, [name], message);
    } else if (!functions.has(name)) {
      log.refuse(
        { file: module.file, line },
        [name],
        `"${name}" must be a function that is declared in this file.`,
      );
    }
  }
  if (exported.length === 0) {
    log.refuse(
      { file: module.file, line: null },
      [],
      `${title} "before", "after" or both; this file exports neither.`,
    );
  }
}

interface ExportedValue {
  readonly name: string;
  readonly start: number;
}

/** Everything that a module exports, except types. */
function exportedValues({ program }: SourceModule): readonly ExportedValue[] {
  return program.body.flatMap((statement): readonly ExportedValue[] => {
    const start = statement.start ?? 0;
    if (statement.type === 'ExportDefaultDeclaration') return [{ name: 'default', start }];
    if (statement.type === 'ExportAllDeclaration')
      return statement.exportKind === 'type' ? [] : [{ name: '*', start }];
    if (statement.type !== 'ExportNamedDeclaration' || statement.exportKind === 'type') return [];
    const { declaration } = statement;
    if (declaration?.type === 'VariableDeclaration') {
      return declaration.declarations.flatMap(({ id }) =>
        id.type === 'Identifier' ? { name: id.name, start } : [],
      );
    }
    if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') {
      return declaration.id == null ? [] : [{ name: declaration.id.name, start }];
    }
    return statement.specifiers.flatMap((specifier) => {
      const isType = specifier.type === 'ExportSpecifier' && specifier.exportKind === 'type';
      const { exported } = specifier;
      return isType || exported.type !== 'Identifier' ? [] : { name: exported.name, start };
    });
  });
}
