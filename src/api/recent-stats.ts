import type { Engine } from '../core/ports/engine.ts';
import type { RunStats } from '../core/ports/run-store.ts';
import { shareAnswers } from './share-answer.ts';

/** Period of the numbers shown with agents and connectors: the last day, in ms. */
export const recentPeriodMs = 24 * 3_600 * 1_000;

/** Counts recent runs of all agents and connectors in one pass. */
export function recentStats(engine: Engine): () => Promise<RunStats> {
  const share = shareAnswers<RunStats>(engine.clock);
  return () =>
    share('recent numbers', () => {
      const now = engine.clock();
      // Buckets begin at multiples of their length, so one as long as all time so far holds everything.
      return engine.runs.stats({ from: now - recentPeriodMs, to: now, bucketMs: now });
    });
}
