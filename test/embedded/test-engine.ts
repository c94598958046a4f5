import { randomBytes } from 'node:crypto';
import type { AgentDefinition } from '../../src/agents/agent-definition.ts';
import { LiveCatalog } from '../../src/agents/project/agent-catalog.ts';
import type { ConnectorTypes } from '../../src/core/connectors/connector-type.ts';
import { readForm } from '../../src/core/json/read-form.ts';
import { readJson } from '../../src/core/json/read-json.ts';
import { readText } from '../../src/core/json/read-text.ts';
import { readMultipart } from '../../src/core/multipart/read-multipart.ts';
import type { Engine } from '../../src/core/ports/engine.ts';
import type { Changes } from '../../src/engines/embedded/changes.ts';
import type { Outbox } from '../../src/engines/embedded/deliveries/delivery-store.ts';
import { ThreadedExecutor } from '../../src/engines/embedded/runs/agent-executor.ts';
import type { Database } from '../../src/engines/embedded/store/database.ts';
import { waysOfProcess } from '../../src/engines/embedded/ways/ways-of-process.ts';
import { createRateLimiter } from '../../src/engines/rate-limiter.ts';
import { judgeFile } from '../../src/files/file-kind.ts';
import { projectOf } from './test-project.ts';
import { openTestStores, silentLog } from './test-stores.ts';

export interface StillEngine {
  readonly engine: Engine;
  readonly database: Database;
  /** The data folder. */
  readonly folder: string;
  /** As `TestStores.change`. */
  change(sql: string): void;
  readonly outbox: Outbox;
  readonly changes: Changes;
  /** What the engine's clock shows, Unix ms; it stands still until it is set. */
  now: number;
  close(): Promise<void>;
}

/**
 * An engine on a real data folder that does nothing by itself: no run starts and no delivery is made until the test
 * calls for it, and time passes when the test says so.
 *
 * @param code by agent name: the text of the function that the agent calls
 */
export async function openStillEngine(
  code: Readonly<Record<string, string>>,
  given: { readonly agents?: readonly AgentDefinition[]; readonly types?: ConnectorTypes } = {},
): Promise<StillEngine> {
  const opened = await openTestStores();
  const { project, codeFile } = await projectOf(opened.folder, code, given.agents);
  const executor = new ThreadedExecutor({}, 1, silentLog, { maxMegabytes: 1_024, graceMs: 5_000 });
  executor.use(project, codeFile);
  const engine: Engine = {
    name: 'embedded',
    types: given.types ?? new Map(),
    hasWay: (_typeName, way) => waysOfProcess.has(way),
    agents: new LiveCatalog(project, {}),
    executor,
    ...opened.ports,
    sources: { state: async () => null, health: async () => null },
    readJson,
    readForm,
    readText,
    readMultipart: (bytes, boundary) => readMultipart(bytes, boundary, judgeFile),
    rateLimiter: createRateLimiter(),
    log: silentLog,
    clock: () => still.now,
    entropy: (count) => randomBytes(count),
    random: () => 0.5,
    settings: {
      maxAttempts: 3,
      maxDepth: 10,
      maxIsolatedRuns: 1,
      allowPrivateTargets: true,
      baseUrl: 'http://localhost',
    },
  };
  const still: StillEngine = {
    engine,
    database: opened.database,
    folder: opened.folder,
    change: opened.change,
    outbox: opened.stores.outbox,
    changes: opened.stores.changes,
    now: Date.UTC(2026, 10, 22, 12),
    async close() {
      await executor.stop();
      await opened.close();
    },
  };
  return still;
}
