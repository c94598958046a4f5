import type { StorePorts } from '../../core/ports/engine.ts';
import type { Log } from '../../core/ports/log.ts';
import { Changes, createRunSignals } from './changes.ts';
import { createConnectorHistory } from './connectors/connector-history.ts';
import { createConnectorNames } from './connectors/connector-names.ts';
import { createConnectorStore } from './connectors/connector-store.ts';
import { createSecretStore } from './connectors/secret-store.ts';
import { createDeadLetterStore } from './deliveries/dead-letter-store.ts';
import { createDeliveryStore, createOutbox, type Outbox } from './deliveries/delivery-store.ts';
import { createApiKeyStore } from './operators/api-key-store.ts';
import { createAuditLog } from './operators/audit-log.ts';
import { createRefusedRequestStore } from './runs/refused-request-store.ts';
import { HeldRuns, QueueDepthLimiter } from './runs/run-limits.ts';
import { createRunStore } from './runs/run-store.ts';
import { createSessionStore } from './runs/session-store.ts';
import type { Database } from './store/database.ts';
import { PayloadFiles } from './store/payload-files.ts';

export interface Stores {
  readonly ports: StorePorts;
  readonly outbox: Outbox;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  /**
   * Puts runs back whose leases have run out by `now` (Unix ms), and offers places that became free unnoticed.
   * @param inHand ids of runs that stay where they are: this process executes them
   */
  tidyRuns(now: number, inHand?: readonly string[]): Promise<void>;
}

export interface StoreParts {
  readonly database: Database;
  /** The folder of large payloads and outputs. */
  readonly payloads: string;
  readonly secretKey: Uint8Array;
  readonly maxQueuedRuns: number;
  /** Runs that sync callers may have going on at a time. */
  readonly maxSyncRuns: number;
  /** What the payloads of these may take up together, in bytes. */
  readonly maxSyncBytes: number;
  /** Aborts when the engine stops. */
  readonly stopping: AbortSignal;
  readonly log: Log;
  /** Told of the agent of every queued run. */
  readonly onQueued: (agentName: string) => void;
  /** Told when a run has ended, and may have deliveries to plan. */
  readonly onEnded: () => void;
  /** Told of the connector of every delivery that is to be made. */
  readonly onPending: (connectorId: string) => void;
}

/** Puts the stores together on a database that has been brought to this version. */
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
    held,
    stopping: parts.stopping,
    onEnded,
  });
  const connectors = createConnectorStore(database, changes);
  const secrets = createSecretStore(database, parts.secretKey);
  const ports: StorePorts = {
    connectors,
    connectorNames: createConnectorNames(database),
    history: createConnectorHistory(database),
    runs,
    deliveries: createDeliveryStore(database, changes, parts.onPending),
    secrets,
    async openConnector(connectorId) {
      const connector = await connectors.get(connectorId);
      return connector === null ? null : { connector, secrets: await secrets.get(connectorId) };
    },
    sessions: createSessionStore(database),
    apiKeys: createApiKeyStore(database),
    audit: createAuditLog(database),
    deadLetters: createDeadLetterStore(database, onEnded),
    refusedRequests: createRefusedRequestStore(database),
    signals: createRunSignals(database, changes, runs, parts.onQueued),
  };
  const tidyRuns = async (now: number, inHand: readonly string[] = []) =>
    queueLimit.givenBack(await database.write('tidyRuns', now, inHand));
  return { ports, outbox, files, changes, tidyRuns };
}
