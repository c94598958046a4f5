import type { RunEnd, RunStore } from '../../../core/ports/run-store.ts';
import type { Database } from '../store/database.ts';
import type { PayloadFiles } from '../store/payload-files.ts';
import { unusedFiles } from './store-payloads.ts';
import { endRows } from './written-rows.ts';

/**
 * Stores how a run ended, a large output in a file. It can be tried again: no try leaves a file that no row names.
 * @returns a function that throws RetryableError when the disk is full or broken
 */
export function storeEnd(
  database: Database,
  files: PayloadFiles,
): (runId: string, owner: string, end: RunEnd) => ReturnType<RunStore['end']> {
  const removeUnused = unusedFiles(database, files);
  return async (runId, owner, end) => {
    const output = end.output === null ? null : await files.store(end.output);
    const stored = output === null ? [] : [output];
    try {
      const outcome = await database.write('endRun', runId, owner, endRows(end, output));
      if (outcome === 'lost') await removeUnused(stored);
      return outcome;
    } catch (thrown) {
      await removeUnused(stored);
      throw thrown;
    }
  };
}
