import type { Engine } from '../core/ports/engine.ts';
import type { RecentNumbers } from './contract/agent.ts';
import { shareAnswers } from './share-answer.ts';
import { recentToWire } from './wire/stats.ts';

/** The numbers that an agent is shown with are those of the last day. */
const periodMs = 24 * 3_600 * 1_000;

/** Counts what the agents did of late: all of them in one pass. */
export function recentNumbers(engine: Engine): () => Promise<(agentName: string) => RecentNumbers> {
  const share = shareAnswers<(agentName: string) => RecentNumbers>(engine.clock);
  return () =>
    share('recent numbers', async () => {
      const now = engine.clock();
      // Buckets begin at multiples of their length: one as long as all time so far holds everything.
      const { byAgent } = await engine.runs.stats({ from: now - periodMs, to: now, bucketMs: now });
      return (agentName) => recentToWire(periodMs, byAgent.get(agentName));
    });
}
