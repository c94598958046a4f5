import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '../../../core/errors.ts';
import type { RunEnd, RunStore } from '../../../core/ports/run-store.ts';
import type { Database } from '../store/database.ts';
import type { PayloadFiles, StoredText } from '../store/payload-files.ts';
import type { EndRows } from '../writes/end-runs.ts';
import { unusedFiles } from './store-payloads.ts';

/**
 * Stores how a run ended, with a large output in a file. It can be retried: no try leaves a file without a row.
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

/** The wait before a write is retried, in ms: an operator must free disk space. */
const tryAgainAfterMs = 1_000;

/**
 * Does a write, and retries it while the store is unavailable and time is left.
 *
 * @param forMs how long to keep trying, counted from the first failure
 * @param stopping aborts when no time is left, whatever `forMs` says
 * @throws RetryableError that of the last try
 */
export async function retryWhileLeased<Written>(
  write: () => Promise<Written>,
  forMs: () => number,
  stopping: AbortSignal,
): Promise<Written> {
  let leftMs: number | null = null;
  for (;;) {
    try {
      return await write();
    } catch (thrown) {
      leftMs ??= forMs();
      leftMs -= tryAgainAfterMs;
      if (!(thrown instanceof RetryableError) || leftMs < 0 || stopping.aborted) throw thrown;
      await sleep(tryAgainAfterMs, null, { signal: stopping }).catch(() => undefined);
    }
  }
}

function resultOf({ context, warnings }: RunEnd): EndRows['result'] {
  if (context === null && warnings === null) return null;
  return { context: JSON.stringify(context ?? {}), warnings: JSON.stringify(warnings ?? []) };
}

/** The end of a run as the writer expects it. */
function endRows(end: RunEnd, output: StoredText | null): EndRows {
  const { error, tokenUsage, trace } = end;
  return {
    columns: [
      end.status,
      end.endedAt,
      error?.code ?? null,
      error?.message ?? null,
      tokenUsage?.input ?? null,
      tokenUsage?.output ?? null,
      tokenUsage?.total ?? null,
      tokenUsage?.cached ?? null,
      tokenUsage?.reasoning ?? null,
      end.costUsd,
      end.model,
    ],
    output,
    result: resultOf(end),
    trace: trace.spans.length + trace.logs.length === 0 ? null : JSON.stringify(trace),
  };
}
