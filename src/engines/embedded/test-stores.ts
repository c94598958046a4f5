import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '../../core/ports/log.ts';
import type { OpenedPorts } from '../conformance/ports-under-test.ts';
import { openDataFolder } from './data-folder.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';
import { createStores, type Stores } from './stores.ts';

/** An empty folder of its own below the system's temporary one. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'embedded-'));
}

export interface TestStores extends OpenedPorts {
  readonly stores: Stores;
  readonly database: Database;
  readonly folder: string;
}

/** Stores on a real data folder, without anybody who executes runs; `close` removes the folder. */
export async function openTestStores(given: { readonly maxQueuedRuns?: number } = {}): Promise<TestStores> {
  const folder = await temporaryFolder();
  const dataFolder = openDataFolder(folder);
  const database = new Database(dataFolder.databaseFile);
  migrate(database);
  const stores = createStores({
    database,
    payloads: dataFolder.payloads,
    secretKey: randomBytes(32),
    maxQueuedRuns: 1_000,
    log: silentLog,
    onQueued: () => undefined,
    onEnded: () => undefined,
    onPending: () => undefined,
    ...given,
  });
  return {
    ports: stores.ports,
    stores,
    database,
    folder,
    async close() {
      database.close();
      dataFolder.release();
      await rm(folder, { recursive: true });
    },
  };
}

/** For tests that look at what happens, not at what is said about it. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
