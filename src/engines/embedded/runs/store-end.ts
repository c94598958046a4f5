import type { RunEnd, RunStore } from '../../../core/ports/run-store.ts';
import type { Database } from '../database.ts';
import { payloadFileUse } from '../payload-file-use.ts';
import type { PayloadFiles } from '../payload-files.ts';
import { removeFiles } from './store-payloads.ts';
import { endRows } from './written-rows.ts';

/**
 * Stores how a run ended, a large output in a file. It can be tried again: no try leaves a file that no row names.
 * @returns a function that throws RetryableError when the disk is full or broken
 */
export function storeEnd(
  database: Database,
  files: PayloadFiles,
): (runId: string, owner: string, end: RunEnd) => ReturnType<RunStore['end']> {
  const isUsed = payloadFileUse(database);
  return async (runId, owner, end) => {
    const output = end.output === null ? null : await files.store(end.output);
    const removeUnused = async () => {
      if (output !== null && output.file !== null && !isUsed(output.file)) await removeFiles(files, [output]);
    };
    try {
      const outcome = await database.write('endRun', runId, owner, endRows(end, output));
      if (outcome === 'lost') await removeUnused();
      return outcome;
    } catch (thrown) {
      // Where the writer broke off, the rows tell what it has done. Where they cannot be read, the retention looks later.
      await removeUnused().catch(() => undefined);
      throw thrown;
    }
  };
}
