import type { Engine } from '../ports/engine.ts';
import type { Released } from '../ports/hold-store.ts';

type Parts = Pick<Engine, 'holds' | 'clock' | 'log'>;

/** A pass that takes longer leaves the rest to the next one. */
const longestPassMs = 30_000;

/**
 * Lets the runs of ended holds go on, at their rates. The engine calls it again before `HoldStore.windowMs` has passed.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function drainHolds(parts: Parts): Promise<void> {
  const { holds, clock, log } = parts;
  const until = clock() + longestPassMs;
  for (const { key, drainingSince } of await holds.list()) {
    if (drainingSince === null) continue;
    let runs = 0;
    for (let more = true; more && clock() < until; ) {
      const released = await releaseSome(parts, key);
      runs += released.runs;
      more = released.more;
    }
    if (runs > 0) log.info('hold.drained', { hold: key, runs });
  }
}

/** Lets the first runs of an ended hold go on; `drainHolds` continues with the others. */
function releaseSome({ holds, clock }: Omit<Parts, 'log'>, key: string): Promise<Released> {
  const now = clock();
  return holds.release(key, now, now + holds.windowMs);
}
