import type { QueuedDispatch } from '../../../core/ports/run-store.ts';
import type { Database } from '../store/database.ts';
import type { PayloadFiles, StoredText } from '../store/payload-files.ts';

/**
 * Stores the payload of each trigger, a large one in a file.
 * @throws RetryableError when the disk is full or broken; no file is left behind then
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

/** Removes the files among `payloads`. What cannot be removed now is removed by the retention. */
async function removeFiles(files: PayloadFiles, payloads: readonly StoredText[]): Promise<void> {
  for (const { file } of payloads) if (file !== null) await files.remove(file).catch(() => undefined);
}

/**
 * A function that removes the files among texts that no committed row names: those of rows that were not written, and
 * after a writer has broken off those of rows that it did not come to. Where the rows cannot be read, the retention
 * looks later.
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
      // Nothing is lost by it.
    }
  };
}

/** Tells whether a committed row names a file of payloads or outputs. */
export function payloadFileUse(database: Database): (file: string) => boolean {
  const select = database.statement(`
    SELECT 1 FROM triggers WHERE payload_file = ?
    UNION ALL SELECT 1 FROM run_results WHERE output_file = ?`);
  return (file) => select.get(file, file) !== undefined;
}
