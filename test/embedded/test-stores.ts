import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '../../src/core/ports/log.ts';
import { Connection } from '../../src/engines/embedded/store/connection.ts';
import { openDataFolder } from '../../src/engines/embedded/store/data-folder.ts';
import { Database } from '../../src/engines/embedded/store/database.ts';
import { prepareDatabase } from '../../src/engines/embedded/store/prepare-database.ts';
import { createStores, type Stores } from '../../src/engines/embedded/stores.ts';
import type { OpenedPorts } from '../conformance/ports-under-test.ts';

/** An empty folder of its own below the system's temporary one. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'embedded-'));
}

export interface TestStores extends OpenedPorts {
  readonly stores: Stores;
  readonly database: Database;
  readonly folder: string;
  readonly databaseFile: string;
  /** Executes statements that no operation of the product has, on a connection of their own. */
  change(sql: string): void;
  /** The stores as another process finds them, after this one has ended. */
  reopen(): Promise<TestStores>;
}

/** Stores on a real data folder, without anybody who executes runs; `close` removes the folder. */
export async function openTestStores(
  given: {
    readonly maxQueuedRuns?: number;
    readonly maxSyncRuns?: number;
    readonly maxSyncBytes?: number;
  } = {},
  writerCode?: URL,
): Promise<TestStores> {
  return openStoresIn(await temporaryFolder(), given, writerCode);
}

async function openStoresIn(
  folder: string,
  given: Parameters<typeof openTestStores>[0],
  writerCode?: URL,
): Promise<TestStores> {
  const dataFolder = openDataFolder(folder);
  const secretKey = prepareDatabase(dataFolder, undefined, Date.now());
  const database = new Database(dataFolder.databaseFile, silentLog, writerCode);
  const stores = createStores({
    database,
    payloads: dataFolder.payloads,
    secretKey,
    maxQueuedRuns: 1_000,
    maxScheduledRuns: 1_000_000,
    maxSyncRuns: 1_000,
    maxSyncBytes: 100_000_000,
    stopping: new AbortController().signal,
    log: silentLog,
    onQueued: () => undefined,
    onReleased: () => undefined,
    onScheduled: () => undefined,
    onEnded: () => undefined,
    onPending: () => undefined,
    ...given,
  });
  return {
    ports: stores.ports,
    stores,
    database,
    folder,
    databaseFile: dataFolder.databaseFile,
    change: (sql) => changeFile(dataFolder.databaseFile, sql),
    async reopen() {
      await database.close();
      dataFolder.release();
      return openStoresIn(folder, given, writerCode);
    },
    async close() {
      await database.close();
      dataFolder.release();
      await rm(folder, { recursive: true });
    },
  };
}

function changeFile(file: string, sql: string): void {
  const connection = new Connection(file, 'write');
  connection.execute(sql);
  connection.close();
}

/** For tests that look at what happens, not at what is said about it. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
