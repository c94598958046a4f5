import type { Engine } from '../core/ports/engine.ts';
import type { RecentNumbers } from './contract/agent.ts';
import { recentToWire } from './wire/stats.ts';

/** The numbers that an agent is shown with are those of the last day. */
const periodMs = 24 * 3_600 * 1_000;

/** Counting a day's runs is work; everybody who looks within this time gets the same count. */
const freshMs = 5_000;

/** Counts what each agent did of late. */
export function recentNumbers(engine: Engine): (agentName: string) => Promise<RecentNumbers> {
  const counted = new Map<string, { readonly at: number; readonly numbers: Promise<RecentNumbers> }>();
  return (agentName) => {
    const now = engine.clock();
    const last = counted.get(agentName);
    if (last !== undefined && now - last.at < freshMs) return last.numbers;
    const numbers = count(engine, agentName, now);
    counted.set(agentName, { at: now, numbers });
    numbers.catch(() => counted.delete(agentName));
    return numbers;
  };
}

async function count(engine: Engine, agentName: string, now: number): Promise<RecentNumbers> {
  // Buckets begin at multiples of their length: one as long as all time so far holds everything.
  const query = { from: now - periodMs, to: now, bucketMs: now, agentName };
  return recentToWire(periodMs, await engine.runs.stats(query));
}
