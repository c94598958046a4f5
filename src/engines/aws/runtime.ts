import { randomBytes } from 'node:crypto';
import type { AgentProject } from '../../agents/agent-project.ts';
import { agentCatalog } from '../../agents/project/agent-catalog.ts';
import { releaseBudgets } from '../../core/budgets/reached-budget.ts';
import type { ConnectorTypes } from '../../core/connectors/connector-type.ts';
import type { Way } from '../../core/connectors/ways.ts';
import { drainHolds, dropOverdueHeld } from '../../core/control/drain-holds.ts';
import { planDeliveries } from '../../core/deliveries/plan-deliveries.ts';
import { readForm } from '../../core/json/read-form.ts';
import { readJson } from '../../core/json/read-json.ts';
import { readText } from '../../core/json/read-text.ts';
import type { ReadMultipart } from '../../core/multipart/read-multipart.ts';
import type { AgentExecutor } from '../../core/ports/agent-executor.ts';
import type { ConnectorStore } from '../../core/ports/connector-store.ts';
import type { Engine, EngineSettings } from '../../core/ports/engine.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Slot } from '../../core/ports/run-store.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { budgetStore } from './budgets/budget-store.ts';
import { type AwsClients, awsClients } from './clients.ts';
import { connectionStore } from './connectors/connection-store.ts';
import { connectorHistory } from './connectors/connector-history.ts';
import { connectorNames, connectorStore } from './connectors/connector-store.ts';
import { openConnector, secretKeys, secretStore } from './connectors/secret-store.ts';
import { hasReceivers } from './connectors/stored-connector.ts';
import { holdStore } from './control/hold-store.ts';
import { deadLetterStore } from './deliveries/dead-letter-store.ts';
import { deliveryStore } from './deliveries/delivery-store.ts';
import { redrive, type Steps } from './deliveries/redrive.ts';
import { apiKeyStore } from './operators/api-key-store.ts';
import { auditLog } from './operators/audit-log.ts';
import { type Reconciled, reconcile } from './reconcile.ts';
import { freePlacesOf } from './runs/claim-run.ts';
import { refusedRequestStore } from './runs/refused-request-store.ts';
import { attemptRecords, type RunRecords, seenRuns } from './runs/run-records.ts';
import { runSignals } from './runs/run-signals.ts';
import { chainSigner, runStore } from './runs/run-store.ts';
import { sessionStore } from './runs/session-store.ts';
import { waitForSlot } from './runs/slots.ts';
import { triggerRecords } from './runs/stored-trigger.ts';
import { payloadObjects } from './store/payload-objects.ts';
import { retention } from './store/retention.ts';
import { openTable } from './store/table.ts';
import type { OpenSources, Sources } from './ways/open-sources.ts';
import { takeRuleEventAgain } from './ways/rule/take-rule-event.ts';
import { takeTickAgain } from './ways/schedule/take-tick.ts';
import { socketQueue } from './ways/socket/socket-message.ts';
import { followedConnectors, waysOfDeployments, waysOfSomeDeployments } from './ways/source-kind.ts';
import { workQueue } from './work-queue.ts';

/** The resources of a deployment, and the parts of its functions. */
export interface AwsOptions {
  readonly tableName: string;
  readonly runQueueUrl: string;
  readonly deliveryQueueUrl: string;
  /** Absent if the deployment has no API for connections, and in functions that redrive nothing. */
  readonly socketQueueUrl?: string;
  readonly bucket: string;
  /** Name or ARN of the secret that seals the connectors' secrets (see `connectors/secret-store.ts`). */
  readonly keySecretId: string;
  readonly project: AgentProject;
  /** Missing variables by agent name; absent if unknown or not shown. */
  readonly missingKeys?: ReadonlyMap<string, string>;
  readonly types: ConnectorTypes;
  /** The optional ways that the deployment has for a type; absent: all. */
  readonly deployed?: (typeName: string) => readonly Way[];
  /** For `types` that fill on demand: loads the type of each connector that is read. */
  readonly loadTypes?: (connectors: ConnectorStore) => ConnectorStore;
  /** Executes agents. Functions that start none omit it, and their bundles contain no model code. */
  readonly executor?: AgentExecutor;
  readonly settings: EngineSettings;
  readonly retentionDays: number;
  readonly log: Log;
  /**
   * Maximum age of connectors and their secrets, in ms. The hot path saves calls with it; the management API uses 0 to
   * see its own changes.
   */
  readonly cacheMs: number;
  /** Manages the sources of connectors; absent in functions that change no connector. */
  readonly sources?: OpenSources;
  /** Secrets for connectors in code that the deployment names; absent in functions that apply none. */
  readonly givenSecrets?: () => Promise<Readonly<Record<string, string>>>;
  /** Absent: from the environment. */
  readonly clients?: AwsClients;
  readonly clock?: () => number;
}

/** The engine, with operations that only AWS functions call. */
export interface AwsEngine extends Engine {
  /** Resumes stalled work; see `reconcile.ts`. */
  readonly reconcile: () => Promise<Reconciled>;
  /** Updates the sources that do not match their connectors yet; see `ways/open-sources.ts`. */
  readonly followSources: () => Promise<void>;
  /** Completes changes of connectors that were cut short; see `connectors/connector-changes.ts`. */
  readonly completeConnectorChanges: () => Promise<void>;
  /** Makes a run wait for a place in a full slot; `free` if the caller must try again immediately. See `slots.ts`. */
  readonly waitForSlot: (runId: string, slot: Slot) => Promise<'waiting' | 'free'>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The table's stream hands over up to 100 ended runs in one batch. */
const rememberedRuns = 128;

/** Assembles the engine of one function instance. Makes no calls before the first use. */
export function awsEngine(options: AwsOptions): AwsEngine {
  const { log, settings, cacheMs, clock = Date.now, clients = awsClients() } = options;
  const { deployed = () => waysOfSomeDeployments } = options;
  const table = openTable(clients.dynamo, options.tableName);
  const objects = payloadObjects(clients, options.bucket);
  const runQueue = workQueue(clients.sqs, options.runQueueUrl, log);
  const deliveryQueue = workQueue(clients.sqs, options.deliveryQueueUrl, log);
  const kept = retention(options.retentionDays);
  const triggers = triggerRecords(table, objects);
  const seen = seenRuns(rememberedRuns);
  const records: RunRecords = {
    table,
    triggers,
    attempts: attemptRecords(table, objects, kept, clock),
    queue: runQueue,
    seen,
    hasReceivers: (agentName) => hasReceivers(table, agentName),
    clock,
    retention: kept,
    log,
  };
  const runs = runStore(records);
  const deliveries = deliveryStore({ table, seen, queue: deliveryQueue, clock, retention: kept });
  const sealingKeys = secretKeys(clients, options.keySecretId);
  const secrets = secretStore(table, sealingKeys, cacheMs, clock);
  const budgets = budgetStore(table, clock, cacheMs);
  const stored = connectorStore(table, options.types, cacheMs, clock, budgets.note);
  const sources = options.sources?.({ clients, table, secrets, engine: () => engine }) ?? noSources;
  const connectors = followedConnectors(options.loadTypes?.(stored) ?? stored, options.types, sources.follow);
  const names = connectorNames(table);
  const connections = connectionStore(table, sealingKeys);
  const audit = auditLog(table, kept);
  // Loaded on demand: only few functions make such changes.
  const changes = async () => {
    const { connectorChanges } = await import('./connectors/connector-changes.ts');
    return connectorChanges({
      table,
      keys: sealingKeys,
      connectors,
      connections,
      secrets,
      names,
      audit,
      clock,
      log,
    });
  };
  const steps: Steps = {
    runQueue,
    deliveryQueue,
    planDeliveries: (runId) => planDeliveries(engine, runId),
    fireTick: (body) => takeTickAgain(engine, body),
    takeEvent: (body) => takeRuleEventAgain(engine, body),
    socketQueue:
      options.socketQueueUrl === undefined ? undefined : socketQueue(clients.sqs, options.socketQueueUrl),
  };
  const engine: AwsEngine = {
    name: 'aws',
    types: options.types,
    hasWay: (typeName, way) => waysOfDeployments.has(way) || deployed(typeName).includes(way),
    agents: agentCatalog(options.project, options.missingKeys),
    executor: options.executor ?? noExecutor,
    connectors,
    connections,
    connectorNames: names,
    connectorChanges: { apply: async (all) => (await changes()).apply(all) },
    history: connectorHistory(table, kept),
    sources,
    runs,
    holds: holdStore(
      records,
      { hold: deliveries.hold, queue: deliveryQueue },
      options.retentionDays * 86_400_000,
    ),
    deliveries,
    secrets,
    namedSecrets: {
      async values() {
        const { storedSecrets } = await import('../../core/code/named-secrets.ts');
        return { ...(await storedSecrets({ secrets })), ...(await options.givenSecrets?.()) };
      },
    },
    openConnector: (connectorId) => openConnector(table, secrets, connectorId),
    sessions: sessionStore(table, objects),
    apiKeys: apiKeyStore(table, kept),
    budgets,
    audit,
    deadLetters: deadLetterStore(table, kept, (letter) => redrive(steps, letter)),
    refusedRequests: refusedRequestStore(table, kept),
    chains: chainSigner(table),
    signals: runSignals(records, { runs, deliveries, connectors }, log),
    // Bodies are read in this thread: an instance serves one request at a time, so no other request waits. The rate
    // limiter counts per instance: the hot path has no call to spare for a shared counter.
    readJson,
    readForm,
    readText,
    readMultipart: readForms,
    rateLimiter: createRateLimiter(),
    log,
    clock,
    entropy: randomBytes,
    random: Math.random,
    settings,
    async reconcile() {
      const freePlaces = (runId: string) => freePlacesOf(records, runId);
      const reconciled = await reconcile({ ...steps, table, clock, log, freePlaces });
      await drainHolds(engine);
      // It reads 16 partitions, and has a day for what it finds.
      if (clock() % hourMs < minuteMs) await dropOverdueHeld(engine);
      await releaseBudgets(engine);
      return reconciled;
    },
    followSources: sources.followDue,
    completeConnectorChanges: async () => (await changes()).complete(),
    waitForSlot: (runId, slot) => waitForSlot(records, runId, slot),
  };
  return engine;
}

/** Without this, executing a run in a function without executor would look like an agent's failure. */
const noExecutor: AgentExecutor = {
  isShared: false,
  execute() {
    throw new Error('this function executes no agents');
  },
};

/** For functions that may not manage sources. Changes are marked in the table, and the reconciler makes them. */
const noSources: Sources = {
  state: async () => null,
  health: async () => null,
  follow: async () => {},
  followDue: async () => {},
};

/**
 * Loaded with the first form that has files: the code that detects file kinds is large, and most connectors never need
 * it.
 */
const readForms: ReadMultipart = async (bytes, boundary) => {
  const [{ readMultipart }, { judgeFile }] = await Promise.all([
    import('../../core/multipart/read-multipart.ts'),
    import('../../files/file-kind.ts'),
  ]);
  return readMultipart(bytes, boundary, judgeFile);
};
