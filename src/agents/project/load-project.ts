import { realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import type { AgentDefinition } from '../agent-definition.ts';
import type { AgentProject } from '../agent-project.ts';
import { checkAgentModules, checkGuardrailFiles } from './agent-modules.ts';
import { readAgentSources } from './agent-sources.ts';
import { type BundledCode, bundleCode, type CodeParts } from './bundle-code.ts';
import { checkSequences, checkUniqueNames, claimedNames } from './check-names.ts';
import { checkOtherFiles } from './check-other-files.ts';
import { defineAgent } from './define-agent.ts';
import { LoadContext, type LoadContextSettings } from './load-context.ts';
import { OutputSchemas } from './output-schemas.ts';
import { ProblemLog } from './problem-log.ts';
import { type ProjectFiles, readProjectFiles } from './project-files.ts';
import { readToolCatalog, type ToolCatalog } from './tool-catalog.ts';
import { tryCode } from './try-code.ts';
import { validateAgent, validateDefaults } from './validate-agent.ts';
import { digestOf, writeBundle } from './write-bundle.ts';

export interface LoadSettings extends LoadContextSettings {
  /** Where to write the bundle of the project's code. */
  readonly buildDir: string;
}

export type LoadedProject = {
  readonly outcome: 'loaded';
  readonly project: AgentProject;
  /** Absolute path of an ES module on disk that exports what `ProjectCode` has. */
  readonly codeFile: string;
  /** Equal for equal projects: agents, schemas and code. */
  readonly digest: string;
  readonly warnings: readonly ProjectProblem[];
};

export type ProjectLoad =
  | LoadedProject
  | { readonly outcome: 'broken'; readonly problems: readonly ProjectProblem[] };

/**
 * Reads a project folder, checks everything in it and bundles its code. A project loads completely or not at all:
 * `broken` lists every problem of every file, with its line and field (agents.md). If the settings contain the agents'
 * environment, the code is loaded once in it; otherwise none of it runs.
 *
 * @throws if the build folder cannot be written
 */
export async function loadProject(projectDir: string, settings: LoadSettings): Promise<ProjectLoad> {
  const root = resolve(projectDir);
  const buildDir = resolve(settings.buildDir);
  const log = new ProblemLog();
  const files = await readProjectFiles(root, log);
  const unreadable = new Set(log.problems.map(({ file }) => file));
  const toolCatalog = readToolCatalog(files.tools, unreadable, log);
  const schemas = new OutputSchemas(files.schemas, unreadable);
  const context = new LoadContext(log, toolCatalog, schemas, guardrailNames(files, unreadable), settings);
  const [agents, code] = await Promise.all([
    readAgents(files, unreadable, context),
    bundleCode(root, buildDir, codeParts(files, toolCatalog)),
  ]);
  checkOtherFiles(files.others, await importedOf(code, files, toolCatalog, root), context);
  if (code.outcome === 'broken') log.add(code.problems.filter((problem) => !isKnown(problem, log)));
  if (code.outcome === 'broken' || log.problems.length > 0)
    return { outcome: 'broken', problems: log.problems };
  const project: AgentProject = { agents, tools: [...toolCatalog.tools.values()] };
  const loaded = await finish(project, code, buildDir, log);
  const problem = settings.env === undefined ? null : await tryCode(loaded.codeFile, settings.env);
  return problem === null ? loaded : { outcome: 'broken', problems: [problem] };
}

async function finish(
  project: AgentProject,
  code: Extract<BundledCode, { outcome: 'bundled' }>,
  buildDir: string,
  log: ProblemLog,
): Promise<LoadedProject> {
  const digest = digestOf([JSON.stringify(project), ...code.files.values()]);
  const codeFile = await writeBundle(buildDir, digest, code.files);
  return { outcome: 'loaded', project, codeFile, digest, warnings: [...log.warnings, ...code.warnings] };
}

/**
 * Reads the agents. A mistake in one file hides none in another: what the valid fields of an agent refer to is looked
 * up even if its other fields are invalid.
 *
 * @returns the agents that are valid
 */
async function readAgents(
  files: ProjectFiles,
  unreadable: ReadonlySet<string>,
  context: LoadContext,
): Promise<readonly AgentDefinition[]> {
  const sources = readAgentSources(files.agents, unreadable, context.log);
  for (const defaults of sources.defaults) validateDefaults(defaults, context);
  checkUniqueNames(sources.agents, context.log);
  const isComplete = ![...unreadable].some((file) => file.split('/')[0] === 'agents');
  const names = isComplete ? new Set([...claimedNames(sources.agents), ...sources.brokenNames]) : null;
  const checked = sources.agents.map((source) => validateAgent(source, context));
  checkSequences(checked, names, context.log);
  const withMiddleware = checkAgentModules('middleware', files.middleware, names, context.log);
  const withHooks = checkAgentModules('hooks', files.hooks, names, context.log);
  const agents = await Promise.all(
    checked.map((agent) => {
      const { name = '' } = agent.fields;
      const code = { hasMiddleware: withMiddleware.has(name), hasHooks: withHooks.has(name) };
      return defineAgent(agent, code, context);
    }),
  );
  checkHooked(agents, context.log);
  const valid = agents.filter((agent) => agent !== null);
  checkGuardrailFiles(files.guardrails, valid, context.log);
  return valid.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Refuses hooks of agents that call no tools themselves: such code would never run. */
function checkHooked(agents: readonly (AgentDefinition | null)[], log: ProblemLog): void {
  for (const agent of agents) {
    if (agent?.type !== 'sequential' || !agent.hasHooks) continue;
    const message = `The agent "${agent.name}" runs other agents and calls no tools itself, so its hooks would never run. Name the file after one of its steps: ${agent.agents.join(', ')}.`;
    log.refuse({ file: `hooks/${agent.name}.ts`, line: null }, [], message);
  }
}

/** Leaves out files without tools, such as invalid TypeScript, which is already reported. */
function codeParts({ middleware, hooks, guardrails }: ProjectFiles, { modules }: ToolCatalog): CodeParts {
  const whole = [...modules.values()].filter(({ tools }) => tools.length > 0);
  return {
    toolFiles: whole.map(({ file, tools }) => ({ file, tools: tools.map(({ name }) => name) })),
    middlewareFiles: middleware.map(({ file }) => file),
    hooksFiles: hooks.map(({ file }) => file),
    guardrailFiles: guardrails.map(({ file }) => file),
  };
}

/** `null` if some of the files cannot be read, which is already reported. */
function guardrailNames({ guardrails }: ProjectFiles, unreadable: ReadonlySet<string>) {
  const isBroken = [...unreadable].some((file) => file.split('/')[0] === 'guardrails');
  return isBroken ? null : new Set(guardrails.map(({ file }) => basename(file, '.ts')));
}

/** The other files that went into the bundle; `null` if there is no bundle, or if it lacks broken tool files. */
async function importedOf(
  code: BundledCode,
  { others }: ProjectFiles,
  { brokenModules }: ToolCatalog,
  root: string,
): Promise<ReadonlySet<string> | null> {
  if (code.outcome === 'broken' || brokenModules.size > 0) return null;
  const imported = new Set<string>();
  for (const { file } of others) {
    const path = await realpath(join(root, file)).catch(() => null);
    if (path !== null && code.imported.has(path)) imported.add(file);
  }
  return imported;
}

function isKnown({ file, line }: ProjectProblem, { problems }: ProblemLog): boolean {
  return problems.some((known) => known.file === file && (known.line === line || known.line === null));
}
