import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentEnvironment } from '../../agents/agent-environment.ts';
import { readConnectorFiles } from '../../agents/connector-files/read-connector-files.ts';
import { agentCatalog } from '../../agents/project/agent-catalog.ts';
import { loadProject, type ProjectLoad } from '../../agents/project/load-project.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { checkDrafts } from '../../core/code/check-drafts.ts';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import { validSettings } from '../start/start-settings.ts';
import { follows } from './plan-files.ts';
import { type FileSettings, inOrder, placedProblems } from './read-files.ts';

/** What is in a project, and everything that is wrong with it. */
export interface CheckedProject {
  /** Names; empty if there are problems, because what is broken may be more. */
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  /** The names of the connectors' files. */
  readonly connectors: readonly string[];
  readonly problems: readonly ProjectProblem[];
  readonly warnings: readonly ProjectProblem[];
}

/**
 * Checks the agents, the code and the connectors of a project as a start would. Starts and stores nothing.
 *
 * @throws CliFailure if the environment has an invalid setting
 */
export async function checkProject(files: FileSettings): Promise<CheckedProject> {
  const { allowUnsupported, engine } = validSettings(files.env);
  const load = await loadOnce(files, allowUnsupported);
  const { allowPrivateTargets = false } = engine;
  const connectors = await checkConnectors(files, load, { allowPrivateTargets });
  const problems = inOrder([...(load.outcome === 'broken' ? load.problems : []), ...connectors.problems]);
  if (load.outcome === 'broken' || problems.length > 0) {
    return { agents: [], tools: [], connectors: [], problems, warnings: [] };
  }
  const { agents, tools } = load.project;
  return {
    agents: agents.map(({ name }) => name),
    tools: tools.map(({ name }) => name),
    connectors: connectors.keys,
    problems,
    warnings: load.warnings,
  };
}

async function loadOnce(
  { projectDir, env }: FileSettings,
  allowUnsupported: readonly string[],
): Promise<ProjectLoad> {
  const buildDir = await mkdtemp(join(tmpdir(), 'connectors-check-'));
  try {
    return await loadProject(projectDir, { buildDir, allowUnsupported, env: agentEnvironment(env) });
  } finally {
    await rm(buildDir, { recursive: true, force: true });
  }
}

async function checkConnectors(
  { projectDir, environment, env }: FileSettings,
  load: ProjectLoad,
  settings: AllowedTargets,
): Promise<{ readonly keys: readonly string[]; readonly problems: readonly ProjectProblem[] }> {
  const types = await loadConnectorTypes();
  const options = { types, environment, variables: env, secretsAs: 'unread' } as const;
  const read = await readConnectorFiles(projectDir, options);
  if (read === null) return { keys: [], problems: [] };
  const { files } = read;
  const agents = agentCatalog(load.outcome === 'loaded' ? load.project : { agents: [], tools: [] });
  const drafts = files.map(({ description }) => description);
  const found = placedProblems(files, await checkDrafts({ types, agents, settings }, drafts)).filter(
    (problem) =>
      !follows(problem, read.problems) &&
      // Agents of a broken project are not known.
      (load.outcome === 'loaded' || problem.field?.startsWith('agents') !== true),
  );
  return { keys: drafts.map(({ key }) => key), problems: [...read.problems, ...found] };
}
