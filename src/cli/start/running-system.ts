import { join, resolve } from 'node:path';
import { agentEnvironment } from '../../agents/agent-environment.ts';
import type { AgentProject } from '../../agents/agent-project.ts';
import { watchConnectorFiles } from '../../agents/connector-files/watch-connector-files.ts';
import { type LoadedProject, loadProject, type ProjectLoad } from '../../agents/project/load-project.ts';
import { watchProject } from '../../agents/project/watch-project.ts';
import type { SignInLink } from '../../api/operators/page-sessions.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { messageOf } from '../../core/errors.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import type { Engine } from '../../core/ports/engine.ts';
import type { MemoryBudget } from '../../engines/embedded/memory-budget.ts';
import { type EmbeddedEngine, startEmbedded } from '../../engines/embedded/runtime.ts';
import { type AdminToken, loadAdminToken, noteTokenUse } from '../../server/admin-token.ts';
import { urlOf } from '../../server/listen.ts';
import type { ServerLog } from '../../server/log.ts';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import { sessionsFile } from '../../server/stored-page-sessions.ts';
import { CliFailure } from '../cli-failure.ts';
import { type FileSettings, projectFailure } from '../code/read-files.ts';
import { applyAgain, applyFiles } from './apply-files.ts';
import type { StartSettings } from './start-settings.ts';

/** The embedded engine with its project and its server. */
export interface RunningSystem {
  readonly engine: Engine;
  readonly project: AgentProject;
  readonly warnings: readonly ProjectProblem[];
  readonly adminToken: AdminToken;
  /** Opens the dashboard signed in; works once and expires soon. */
  readonly signInLink: SignInLink;
  readonly memory: MemoryBudget;
  /** `http://host:port`. */
  readonly address: string;
  /** Waits for requests and runs to end, for at most `DRAIN_SECONDS`. */
  stop(): Promise<void>;
}

export interface SystemParts {
  readonly settings: StartSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: ServerLog;
  /** Called with each load of the project after its files change; `null` to not watch them. */
  readonly onReload: ((load: ProjectLoad) => void) | null;
  /** Whether the files in `connectors/` are applied before the start. They are also applied when they change, if the project is watched. */
  readonly applies: boolean;
  /** Called with each outcome of that, in one text. */
  readonly onApplied: (told: string) => void;
}

/**
 * Loads the project, starts the engine and serves it.
 *
 * @throws CliFailure with every problem of the project
 * @throws PermanentError if the data folder or the address cannot be used
 */
export async function startSystem(parts: SystemParts): Promise<RunningSystem> {
  const { settings, env, log } = parts;
  const loaded = await loadOrFail(parts);
  const { dataDir } = settings;
  const embedded = startEmbedded({
    dataDir,
    project: loaded,
    types: await loadConnectorTypes(),
    log,
    env,
    settings: settings.engine,
  });
  embedded.servedAt(urlOf(settings.host, settings.port));
  try {
    const adminToken = await loadAdminToken(dataDir, settings.adminToken);
    if (parts.applies) parts.onApplied(await applyFiles(embedded.engine, filesOf(parts)));
    const server = await serve(parts, embedded, adminToken);
    // Now known even if the operating system has chosen the port.
    embedded.servedAt(server.address);
    const stopWatching = await watch(parts, embedded, loaded);
    return {
      engine: embedded.engine,
      project: loaded.project,
      warnings: loaded.warnings,
      adminToken,
      signInLink: server.sessions.makeLink(adminToken.token),
      memory: embedded.memory,
      address: server.address,
      async stop() {
        await stopWatching();
        await drain(server, embedded);
      },
    };
  } catch (thrown) {
    await embedded.stop();
    throw thrown;
  }
}

/** Requests and runs drain concurrently and share one time limit. */
async function drain(server: RunningServer, embedded: EmbeddedEngine): Promise<void> {
  const endsAt = performance.now() + embedded.drainMs;
  await embedded.stopTaking();
  await server.stop(embedded.drainMs);
  await embedded.stop(Math.max(0, endsAt - performance.now()));
}

function serve(
  { settings, log }: SystemParts,
  { engine, trouble, memory }: EmbeddedEngine,
  adminToken: AdminToken,
): Promise<RunningServer> {
  const { dataDir } = settings;
  const { host, port, baseUrl, allowedHosts, maxRequestsPerAddress } = settings;
  return startServer({
    engine,
    host,
    port,
    allowedHosts,
    adminToken: adminToken.token,
    onTokenUsed: noteFirstUse(dataDir, adminToken, log),
    sessionsFile: join(dataDir, sessionsFile),
    log,
    trouble,
    maxBodyBytesInHand: memory.bodyBytes,
    ...(baseUrl === null ? {} : { baseUrl }),
    ...(maxRequestsPerAddress === null ? {} : { maxRequestsPerAddress }),
  });
}

/** Records the first use of an unused token. */
function noteFirstUse(dataDir: string, { token, isUnused }: AdminToken, log: ServerLog): () => void {
  let isNoted = !isUnused;
  return () => {
    if (isNoted) return;
    isNoted = true;
    noteTokenUse(dataDir, token).catch((thrown: unknown) => {
      log.warn('admin-token.use-not-noted', { reason: messageOf(thrown) });
    });
  };
}

function filesOf({ settings, env }: SystemParts): FileSettings {
  return { projectDir: settings.projectDir, environment: settings.connectorsEnvironment, env };
}

async function watch(
  parts: SystemParts,
  embedded: EmbeddedEngine,
  loaded: LoadedProject,
): Promise<() => Promise<void>> {
  const { settings, env, onReload, onApplied } = parts;
  if (onReload === null) return async () => undefined;
  const stopApplying = await watchConnectorFiles(settings.projectDir, async () =>
    onApplied(await applyAgain(embedded.engine, filesOf(parts))),
  );
  const watching = await watchProject(
    settings.projectDir,
    loadSettings(settings, env),
    loaded.digest,
    (load) => {
      embedded.useProject(load);
      onReload(load);
    },
  );
  return async () => {
    await stopApplying();
    await watching.close();
  };
}

async function loadOrFail({ settings, env }: SystemParts): Promise<LoadedProject> {
  const load = await loadProject(settings.projectDir, loadSettings(settings, env)).catch(
    (thrown: unknown) => {
      throw new CliFailure(
        'failed',
        `Cannot write to the data folder ${resolve(settings.dataDir)}: ${messageOf(thrown)}`,
        { cause: thrown },
      );
    },
  );
  if (load.outcome === 'loaded') return load;
  throw projectFailure(settings.projectDir, load.problems);
}

function loadSettings({ dataDir, allowUnsupported }: StartSettings, env: SystemParts['env']) {
  return { buildDir: join(dataDir, 'build'), allowUnsupported, env: agentEnvironment(env) };
}
