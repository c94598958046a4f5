import type { QueuedDispatch } from '../../../core/ports/run-store.ts';
import type { PayloadFiles, StoredText } from '../payload-files.ts';

/**
 * Stores the payload of each trigger, a large one in a file.
 * @throws RetryableError when the disk is full or broken; no file is left behind then
 */
export async function storePayloads(
  files: PayloadFiles,
  dispatches: readonly QueuedDispatch[],
): Promise<StoredText[]> {
  const texts = dispatches.map(({ trigger }) => JSON.stringify(trigger.payload));
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
export async function removeFiles(files: PayloadFiles, payloads: readonly StoredText[]): Promise<void> {
  for (const { file } of payloads) if (file !== null) await files.remove(file).catch(() => undefined);
}
