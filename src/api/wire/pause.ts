import type { Pause } from '../../core/control/read-pause.ts';
import type { WireDeployment } from '../contract/pause.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/** The pause of something, as fields of it. */
export function pauseToWire(pause: Pause | null): WireDeployment {
  if (pause === null) return { paused: false, pause: null };
  const { since, by, drainPerMinute, drainingSince, count, more, oldestQueuedAt } = pause;
  return {
    paused: drainingSince === null,
    pause: {
      since: toIso(since),
      by,
      drain_per_minute: drainPerMinute,
      draining_since: toIsoOrNull(drainingSince),
      waiting: count,
      more,
      oldest_at: toIsoOrNull(oldestQueuedAt),
    },
  };
}
