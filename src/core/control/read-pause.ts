import type { Engine } from '../ports/engine.ts';
import type { Waiting } from '../ports/hold-store.ts';
import type { Hold } from './hold.ts';
import type { Pausable } from './pause.ts';

/** A pause, or what is left of one that has ended. */
export interface Pause extends Waiting {
  /** Unix ms. */
  readonly since: number;
  readonly by: string | null;
  /** See `Hold`. */
  readonly drainPerMinute: number | null;
  readonly drainingSince: number | null;
}

/**
 * The pause of something, with what waits in it; `null` if it is not paused, and nothing waits any more.
 *
 * @param holds all holds, as `HoldStore.list` returns them
 */
export async function readPause(
  engine: Pick<Engine, 'holds'>,
  holds: readonly Hold[],
  { keys }: Pausable,
): Promise<Pause | null> {
  const own = holds.filter(({ key }) => keys.includes(key));
  const shown = own.find(({ drainingSince }) => drainingSince === null) ?? own[0];
  if (shown === undefined) return null;
  const waits = await Promise.all(own.map(({ key }) => engine.holds.waiting(key)));
  const times = waits.flatMap(({ oldestQueuedAt }) => oldestQueuedAt ?? []);
  const { since, by, drainPerMinute, drainingSince } = shown;
  return {
    since,
    by,
    drainPerMinute,
    drainingSince,
    count: waits.reduce((sum, { count }) => sum + count, 0),
    oldestQueuedAt: times.length === 0 ? null : Math.min(...times),
    more: waits.some(({ more }) => more),
  };
}
