import { randomFillSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentEnvironment } from '../../agents/agent-environment.ts';
import { LiveCatalog } from '../../agents/project/agent-catalog.ts';
import type { LoadedProject, ProjectLoad } from '../../agents/project/load-project.ts';
import type { ConnectorTypes } from '../../core/connectors/connector-type.ts';
import { privateTargetsText } from '../../core/connectors/private-targets.ts';
import { messageOf } from '../../core/errors.ts';
import type { Entropy } from '../../core/identifiers.ts';
import type { Engine } from '../../core/ports/engine.ts';
import type { Log } from '../../core/ports/log.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { PendingChanges } from './connectors/pending-changes.ts';
import type { MemoryBudget } from './memory-budget.ts';
import {
  AdmissionController,
  notingRunsInHand,
  RunsInHand,
  servingSenders,
} from './queues/admission-controller.ts';
import {
  deliveryQueue,
  planningLane,
  planningQueue,
  runQueue,
  scheduledLane,
  scheduledQueue,
} from './queues/work-queues.ts';
import { ThreadedExecutor } from './runs/agent-executor.ts';
import { defaultSettings, type EmbeddedSettings } from './settings.ts';
import { type DataFolder, dataFolderLost, FilePlaces, openDataFolder } from './store/data-folder.ts';
import { Database } from './store/database.ts';
import { prepareDatabase } from './store/prepare-database.ts';
import { createRetention } from './store/retention.ts';
import { createStores } from './stores.ts';
import { BodyReader } from './threads/body-reader.ts';
import { createEventSources } from './ways/event-sources.ts';
import { waysOfProcess } from './ways/ways-of-process.ts';

export interface EmbeddedOptions {
  /** The data folder; created if missing. */
  readonly dataDir: string;
  readonly project: Pick<LoadedProject, 'project' | 'codeFile'>;
  readonly types: ConnectorTypes;
  readonly log: Log;
  /** `SECRET_KEY`, and what agents see: provider keys and base URLs under their usual names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings?: Partial<EmbeddedSettings>;
  /** Unix ms; the system's clock by default. */
  readonly clock?: () => number;
}

export interface EmbeddedEngine {
  readonly engine: Engine;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** Why the engine cannot store anything, in a sentence; `null` if it can. */
  trouble(): string | null;
  /** Tells at which URL, without a trailing slash, the product is served; used if none is configured. */
  servedAt(url: string): void;
  /** Switches to another load of the project; runs in progress keep theirs. A broken load changes no agent. */
  useProject(load: ProjectLoad): void;
  readonly memory: MemoryBudget;
  /** How long a stop waits for runs in progress, in ms. */
  readonly drainMs: number;
  /** Stops starting runs and taking events; work in progress continues. The first part of a stop. */
  stopTaking(): Promise<void>;
  /**
   * Waits for runs in progress, puts back those that do not end in time, and closes everything.
   * @param drainMs the longest wait; by default from the settings
   */
  stop(drainMs?: number): Promise<void>;
}

/**
 * Starts the engine on a data folder. Work that an earlier process left undone resumes immediately.
 *
 * @throws PermanentError `data-folder-not-writable`, `data-folder-in-use`, `database-emptied`, `data-folder-newer`,
 *   `secret-key-malformed`, `secret-key-missing`, `secret-key-wrong`: each with a sentence for the operator
 * @throws RetryableError when the disk is full or broken
 */
export function startEmbedded(options: EmbeddedOptions): EmbeddedEngine {
  const folder = openDataFolder(options.dataDir);
  try {
    const secretKey = prepareDatabase(folder, options.env['SECRET_KEY'], (options.clock ?? Date.now)());
    return startOn(options, folder, secretKey);
  } catch (thrown) {
    folder.release();
    throw thrown;
  }
}

function startOn(options: EmbeddedOptions, folder: DataFolder, secretKey: Uint8Array): EmbeddedEngine {
  const database = new Database(folder.databaseFile, options.log);
  try {
    return start(options, folder, database, secretKey);
  } catch (thrown) {
    // Closed when this returns: nothing is written until everything is assembled.
    void database.close();
    throw thrown;
  }
}

function start(
  options: EmbeddedOptions,
  folder: DataFolder,
  database: Database,
  secretKey: Uint8Array,
): EmbeddedEngine {
  const { project, types, log, env, clock = Date.now } = options;
  const configured = options.settings?.baseUrl;
  let address = '';
  const settings: EmbeddedSettings = {
    ...defaultSettings(),
    ...options.settings,
    get baseUrl() {
      return configured ?? address;
    },
  };
  const stopping = new AbortController();
  const catalog = new LiveCatalog(project.project, agentEnvironment(env));
  // Agents connect to MCP servers, where the operator allows it.
  const allowed = { ALLOW_PRIVATE_TARGETS: privateTargetsText(settings.allowPrivateTargets) };
  const executor = new ThreadedExecutor({ ...agentEnvironment(env), ...allowed }, settings.threads, log, {
    maxMegabytes: settings.threadMegabytes,
    graceMs: settings.graceMs,
  });
  executor.use(project.project, project.codeFile);
  const reader = new BodyReader(settings.memory.readerMegabytes);
  const accepting = new AdmissionController(() => executor.utilization() + database.utilization());
  const stores = createStores({
    database,
    payloads: folder.payloads,
    secretKey,
    maxQueuedRuns: settings.maxQueuedRuns,
    maxScheduledRuns: settings.maxScheduledRuns,
    maxSyncRuns: settings.maxSyncRuns,
    maxSyncBytes: settings.memory.syncBytes,
    stopping: stopping.signal,
    log,
    onQueued(agentName) {
      accepting.accepted();
      running.announce(agentName);
    },
    onReleased: (agentName) => running.announce(agentName),
    onScheduled: () => scheduled.announce(scheduledLane),
    onEnded: () => planning.announce(planningLane),
    onPending: (connectorId) => sending.announce(connectorId),
  });
  const inHand = new RunsInHand();
  const engine: Engine = {
    name: 'embedded',
    types,
    hasWay: (_typeName, way) => waysOfProcess.has(way),
    agents: catalog,
    executor,
    ...stores.ports,
    runs: servingSenders(notingRunsInHand(stores.ports.runs, inHand), accepting),
    sources: {
      state: (connectorId) => sources.state(connectorId),
      health: (connectorId) => sources.health(connectorId),
    },
    readJson: reader.readJson,
    readForm: reader.readForm,
    readText: reader.readText,
    readMultipart: reader.readMultipart,
    rateLimiter: createRateLimiter(),
    log,
    clock,
    entropy: createEntropy(),
    random: Math.random,
    settings,
  };
  const { lookEveryMs } = settings;
  const running = runQueue({
    database,
    engine,
    lookEveryMs,
    files: stores.files,
    maxInFlight: settings.maxRunsInFlight,
    maxBytesInFlight: settings.memory.runBytes,
    tidyRuns: (now) => stores.tidyRuns(now, inHand.runIds()),
    portion: () => accepting.portion(),
  });
  const scheduled = scheduledQueue(database, stores.queueDueRuns, { clock, log, lookEveryMs });
  const planning = planningQueue(database, engine, stores.outbox);
  const sending = deliveryQueue({
    database,
    engine,
    lookEveryMs,
    files: stores.files,
    maxBytesInFlight: settings.memory.deliveryBytes,
    stopping: stopping.signal,
  });
  const queues = [running, scheduled, planning, sending];
  const sources = createEventSources(database, stores.changes, engine);
  const pendingChanges = new PendingChanges(engine);
  const retention = createRetention({
    database,
    files: stores.files,
    retentionDays: settings.retentionDays,
    clock,
    log,
  });
  const places = new FilePlaces([folder.databaseFile, `${folder.databaseFile}-wal`, folder.payloads]);
  for (const queue of queues) queue.start();
  sources.start();
  pendingChanges.start();
  retention.start();
  const drainMs = settings.drainSeconds * 1_000;
  let stoppedTaking: Promise<void> | null = null;
  const stopTaking = () => {
    running.stop();
    stoppedTaking ??= sources.stop();
    return stoppedTaking;
  };
  const warmUp = setImmediate(() => executor.warmUp());
  /** If this fails, the runs start when they would have without it. */
  const startWaiting = async (agentNames: readonly string[]) => {
    try {
      await database.write('hurryRuns', agentNames, clock());
      for (const name of agentNames) running.announce(name);
    } catch (thrown) {
      log.warn('runs.not-hurried', { reason: messageOf(thrown) });
    }
  };

  return {
    engine,
    dataFolder: folder.path,
    trouble: () => (places.areKept() ? null : dataFolderLost),
    servedAt(url) {
      address = url;
    },
    useProject(load) {
      if (load.outcome === 'broken') return catalog.report(load.problems);
      const names = load.project.agents.map(({ name }) => name);
      const added = names.filter((name) => catalog.get(name) === null);
      catalog.use(load.project);
      executor.use(load.project, load.codeFile);
      if (added.length > 0) void startWaiting(added);
    },
    memory: settings.memory,
    drainMs,
    stopTaking,
    async stop(longestMs = drainMs) {
      clearImmediate(warmUp);
      await Promise.all([stopTaking(), pendingChanges.stop()]);
      await Promise.race([running.whenIdle(), sleep(longestMs, null, { ref: false })]);
      for (const queue of queues) queue.stop();
      // Runs that cannot be put back now are put back at the next start.
      await database.write('interruptRuns', clock()).catch((thrown: unknown) => {
        log.warn('runs.not-put-back', { reason: messageOf(thrown) });
      });
      stopping.abort();
      await Promise.all([executor.stop(), reader.stop()]);
      await Promise.all([retention.stop(), ...queues.map((queue) => queue.whenIdle())]);
      await Promise.all([...types.values()].map((type) => type.close?.()));
      await database.close();
      folder.release();
    },
  };
}

/** One system call serves many ids: it costs about a microsecond at any size. */
const poolBytes = 8_192;

/** Unpredictable bytes from a pool that is refilled in large steps. No byte is handed out twice. */
export function createEntropy(): Entropy {
  let pool = randomFillSync(new Uint8Array(poolBytes));
  let used = 0;
  return (count) => {
    if (used + count > pool.length) {
      // Allocate a new pool: callers still hold views of the old one.
      pool = randomFillSync(new Uint8Array(Math.max(poolBytes, count)));
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
}
