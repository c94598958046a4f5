import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import { type PackedFolder, repository } from '../bundle/bundled-code.ts';
import { programIn } from '../program.ts';
import type { Settings } from '../settings/settings.ts';
import { agentFacts, agentProblems, namedModels } from './agent-problems.ts';

/** The project's files as they are copied next to the functions' code. */
export interface PackedProject {
  /** The agents, for functions that only read them. */
  readonly agents: readonly PackedFolder[];
  /** The agents with the code of tools and middleware, for functions that execute them. */
  readonly agentsWithCode: readonly PackedFolder[];
  /** Connectors from the project's files, as JSON; absent if it has no folder for them. */
  readonly connectors?: string;
  /** Prefixes of the models that agents use. */
  readonly modelProviders: readonly string[];
}

/** What `write-project.ts` prints. */
export const writtenProject = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('written'),
    agentsFolder: z.string(),
    codeFolder: z.string(),
    agents: z.array(agentFacts),
    warnings: z.array(z.string()),
    connectors: z.string().optional(),
  }),
  z.object({ outcome: z.literal('broken'), problems: z.array(z.string()) }),
]);
export type WrittenProject = z.infer<typeof writtenProject>;

/**
 * Loads the agent project, checks it against the deployment's settings, and prepares its files. Loading runs in its own
 * process because constructs are synchronous and loading is not.
 *
 * @throws Error with every problem of the project, one per line; nothing has been created then
 */
export function packProject(settings: Settings): PackedProject {
  const written = writeProject(settings);
  const problems = written.outcome === 'broken' ? written.problems : agentProblems(written.agents, settings);
  if (written.outcome === 'broken' || problems.length > 0) {
    throw new Error([`The agent project ${settings.project} cannot be deployed:`, ...problems].join('\n  '));
  }
  const agents: PackedFolder = { from: written.agentsFolder, to: 'project' };
  const code: PackedFolder = { from: written.codeFolder, to: 'project' };
  const models = written.agents.flatMap(namedModels).map(([, model]) => model);
  return {
    agents: [agents],
    agentsWithCode: [agents, code],
    ...(written.connectors === undefined ? {} : { connectors: written.connectors }),
    modelProviders: [...new Set(models.flatMap((model) => (model == null ? [] : [prefixOf(model)])))],
  };
}

/** Projects that this process has written, by folder and options. Stacks of one app usually share a project. */
const writtenBefore = new Map<string, WrittenProject>();

function writeProject(settings: Settings): WrittenProject {
  const { project, allowUnsupported, connectorEnvironment, pricesFile } = settings;
  const key = JSON.stringify([project, allowUnsupported, connectorEnvironment, pricesFile]);
  const before = writtenBefore.get(key);
  if (before !== undefined) return before;
  const written = runWriteProject(project, connectorEnvironment ?? '', allowUnsupported, pricesFile);
  // A broken project may be fixed in the meantime.
  if (written.outcome === 'written') writtenBefore.set(key, written);
  return written;
}

function runWriteProject(
  project: string,
  environment: string,
  allowUnsupported: readonly string[],
  pricesFile: string | undefined,
): WrittenProject {
  const script = programIn(import.meta.dirname, 'write-project');
  const buildDir = join(repository, 'node_modules/.cache/agent-connectors/project');
  const printed = execFileSync(
    process.execPath,
    [script, project, buildDir, environment, ...allowUnsupported],
    {
      encoding: 'utf8',
      env: { ...process.env, PRICES_FILE: pricesFile },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return writtenProject.parse(JSON.parse(printed));
}

function prefixOf(model: string): string {
  return model.slice(0, model.indexOf('/'));
}
