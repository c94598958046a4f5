import { storedSecrets } from '../../core/code/named-secrets.ts';
import type { StorePorts } from '../../core/ports/engine.ts';
import type { Log } from '../../core/ports/log.ts';
import { createBudgetStore } from './budgets/budget-store.ts';
import { Changes, createRunSignals } from './changes.ts';
import { createConnectionStore } from './connectors/connection-store.ts';
import { createConnectorHistory } from './connectors/connector-history.ts';
import {
  createConnectorChanges,
  createConnectorNames,
  createConnectorStore,
} from './connectors/connector-store.ts';
import { createSecretStore } from './connectors/secret-store.ts';
import {
  createHoldStore,
  HeldRuns,
  QueueDepthLimiter,
  queueDueRuns,
  ScheduleLimiter,
} from './control/hold-store.ts';
import { createDeadLetterStore } from './deliveries/dead-letter-store.ts';
import { createDeliveryStore, createOutbox, type Outbox } from './deliveries/delivery-store.ts';
import { createApiKeyStore } from './operators/api-key-store.ts';
import { createAuditLog } from './operators/audit-log.ts';
import { createRefusedRequestStore } from './runs/refused-request-store.ts';
import { createChainSigner, createRunStore } from './runs/run-store.ts';
import { createSessionStore } from './runs/session-store.ts';
import { PayloadFiles } from './store/data-folder.ts';
import type { Database } from './store/database.ts';

export interface Stores {
  readonly ports: StorePorts;
  readonly outbox: Outbox;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  /**
   * Puts back runs whose leases have lapsed by `now` (Unix ms), and offers places that became free unnoticed.
   * @param inHand ids of runs to leave alone: this process executes them
   */
  tidyRuns(now: number, inHand?: readonly string[]): Promise<void>;
  /** Puts scheduled runs that are due by `now` (Unix ms) into the queue, as many as one write takes. */
  queueDueRuns(now: number): Promise<void>;
}

export interface StoreParts {
  readonly database: Database;
  /** The folder of large payloads and outputs. */
  readonly payloads: string;
  readonly secretKey: Uint8Array;
  readonly maxQueuedRuns: number;
  readonly maxScheduledRuns: number;
  /** Runs that sync callers may have in progress at a time. */
  readonly maxSyncRuns: number;
  /** Limit for the total size of their payloads, in bytes. */
  readonly maxSyncBytes: number;
  /** Aborts when the engine stops. */
  readonly stopping: AbortSignal;
  readonly log: Log;
  /** Called with the agent of every queued run. */
  readonly onQueued: (agentName: string) => void;
  /** Called with the agent of runs that a hold lets go on. */
  readonly onReleased: (agentName: string) => void;
  /** Called when a run is scheduled for later. */
  readonly onScheduled: () => void;
  /** Called when a run has ended and may have deliveries to plan. */
  readonly onEnded: () => void;
  /** Called with the connector of every pending delivery. */
  readonly onPending: (connectorId: string) => void;
}

/** Assembles the stores on a migrated database. */
export function createStores(parts: StoreParts): Stores {
  const { database, onEnded } = parts;
  const files = new PayloadFiles(parts.payloads);
  const changes = new Changes(parts.log);
  const outbox = createOutbox(database);
  const queueLimit = new QueueDepthLimiter(database, parts.maxQueuedRuns);
  const held = new HeldRuns(parts.maxSyncRuns, parts.maxSyncBytes);
  const runs = createRunStore({
    database,
    files,
    changes,
    queueLimit,
    scheduleLimit: new ScheduleLimiter(database, parts.maxScheduledRuns),
    held,
    stopping: parts.stopping,
    onEnded,
  });
  const connectors = createConnectorStore(database, changes);
  const secrets = createSecretStore(database, parts.secretKey);
  const deliveries = createDeliveryStore(database, changes, parts.onPending);
  const ports: StorePorts = {
    connectors,
    connections: createConnectionStore(database, parts.secretKey),
    connectorNames: createConnectorNames(database),
    connectorChanges: createConnectorChanges(database, connectors, secrets),
    history: createConnectorHistory(database),
    runs,
    holds: createHoldStore(database, changes, queueLimit, parts.onReleased, parts.onPending),
    deliveries,
    secrets,
    namedSecrets: { values: () => storedSecrets({ secrets }) },
    async openConnector(connectorId) {
      const connector = await connectors.get(connectorId);
      return connector === null ? null : { connector, secrets: await secrets.get(connectorId) };
    },
    sessions: createSessionStore(database),
    apiKeys: createApiKeyStore(database),
    budgets: createBudgetStore(database),
    audit: createAuditLog(database),
    deadLetters: createDeadLetterStore(database, onEnded),
    refusedRequests: createRefusedRequestStore(database),
    chains: createChainSigner(parts.secretKey),
    signals: createRunSignals(database, changes, { runs, deliveries }, parts),
  };
  const tidyRuns = async (now: number, inHand: readonly string[] = []) =>
    queueLimit.givenBack(await database.write('tidyRuns', now, inHand));
  const queueDue = queueDueRuns({ database, changes, queueLimit, onQueued: parts.onQueued });
  return { ports, outbox, files, changes, tidyRuns, queueDueRuns: queueDue };
}
