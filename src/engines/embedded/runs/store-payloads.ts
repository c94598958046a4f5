import type { QueuedDispatch } from '../../../core/ports/run-store.ts';
import type { Database } from '../store/database.ts';
import type { PayloadFiles, StoredText } from '../store/payload-files.ts';

/**
 * Stores the payload of each trigger, a large one in a file.
 * @throws RetryableError when the disk is full or broken; no file is left behind
 */
export async function storePayloads(
  files: PayloadFiles,
  dispatches: readonly QueuedDispatch[],
): Promise<StoredText[]> {
  const texts = dispatches.map(({ trigger }) => trigger.payload.text);
  const storing = texts.map((text) => files.store(text));
  try {
    return await Promise.all(storing);
  } catch (thrown) {
    const settled = await Promise.allSettled(storing);
    const stored = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await removeFiles(files, stored);
    throw thrown;
  }
}

/** Removes the files among `payloads`. Retention removes what cannot be removed now. */
async function removeFiles(files: PayloadFiles, payloads: readonly StoredText[]): Promise<void> {
  for (const { file } of payloads) if (file !== null) await files.remove(file).catch(() => undefined);
}

/**
 * Returns a function that removes files that no committed row names: those of rows that were not written or, after the
 * writer broke off, not reached. If the rows cannot be read, retention removes the files later.
 */
export function unusedFiles(
  database: Database,
  files: PayloadFiles,
): (stored: readonly StoredText[]) => Promise<void> {
  const isUsed = payloadFileUse(database);
  return async (stored) => {
    try {
      await removeFiles(
        files,
        stored.filter(({ file }) => file !== null && !isUsed(file)),
      );
    } catch {
      // Retention removes the files later.
    }
  };
}

/** Tells whether a committed row names a payload or output file. */
export function payloadFileUse(database: Database): (file: string) => boolean {
  const select = database.statement(`
    SELECT 1 FROM triggers WHERE payload_file = ?
    UNION ALL SELECT 1 FROM run_results WHERE output_file = ?`);
  return (file) => select.get(file, file) !== undefined;
}
