import { basename } from 'node:path/posix';
import { suggestion } from '../../core/nearest-name.ts';
import type { AgentDefinition } from '../agent-definition.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ProjectFile } from './project-files.ts';
import { exportedFunctions } from './tool-sources/exported-functions.ts';
import { lineOf, parseModule, type SourceModule } from './tool-sources/source-module.ts';

/** What the files of a folder export, and how messages name that. */
interface Exports {
  readonly title: string;
  readonly names: readonly string[];
  readonly only: string;
  readonly none: string;
}

const aroundNames = {
  names: ['before', 'after'],
  only: '"before" and "after" only',
  none: '"before", "after" or both; this file exports neither',
} as const;

/** Folders whose files belong to one agent each. */
const folders = {
  middleware: { ...aroundNames, title: 'Middleware exports', aFile: 'a middleware file has' },
  hooks: { ...aroundNames, title: 'A file of hooks exports', aFile: 'a file of hooks has' },
} as const;

const guardrailExports: Exports = {
  title: 'A guardrail exports',
  names: ['check'],
  only: '"check" only',
  none: 'the function "check"; this file does not',
};

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
  const expected = folders[folder];
  for (const { file, text } of files) {
    const name = basename(file, '.ts');
    if (agentNames !== null && !agentNames.has(name)) {
      const message = `There is no agent named "${name}": ${expected.aFile} the name of its agent.${suggestion(name, agentNames)}`;
      log.refuse({ file, line: null }, [], message);
    }
    checkExports(file, text, expected, log);
  }
  return new Set(files.map(({ file }) => basename(file, '.ts')));
}

/**
 * Checks the files of `guardrails/`: each exports `check`, and nothing else. Problems go to the log, and a warning about
 * each file that no agent uses: nobody may believe that it checks anything.
 */
export function checkGuardrailFiles(
  files: readonly ProjectFile[],
  agents: readonly AgentDefinition[],
  log: ProblemLog,
): void {
  const rules = agents.flatMap(({ guardrails }) => [
    ...(guardrails?.input ?? []),
    ...(guardrails?.output ?? []),
  ]);
  const used = new Set(rules.flatMap(({ type, name }) => (type === 'custom' ? name : [])));
  for (const { file, text } of files) {
    checkExports(file, text, guardrailExports, log);
    const name = basename(file, '.ts');
    if (used.has(name)) continue;
    const message = `No agent uses this guardrail: it checks nothing until an agent lists it with type custom and the name ${name}.`;
    log.warn({ file, line: null }, [], message);
  }
}

function checkExports(file: string, text: string, expected: Exports, log: ProblemLog): void {
  const parsed = parseModule(file, text);
  if (parsed.outcome === 'broken') log.add(parsed.problems);
  else checkModule(parsed.module, expected, log);
}

function checkModule(module: SourceModule, { title, names, only, none }: Exports, log: ProblemLog): void {
  const functions = new Set(exportedFunctions(module).map(({ name }) => name));
  const exported = exportedValues(module);
  for (const { name, start } of exported) {
    const line = lineOf(module.text, { start });
    if (!names.includes(name)) {
      const message = `${title} ${only}; move "${name}" to another file.`;
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
    log.refuse({ file: module.file, line: null }, [], `${title} ${none}.`);
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
