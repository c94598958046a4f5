import { type Refusal, refuseInvalid } from '../refusal.ts';

/** When a run is to start, as people say it: at a time, after a delay, or now. */
export interface When {
  /** Unix ms. */
  readonly at?: number;
  readonly delaySeconds?: number;
}

/** The longest delay, in seconds: a year, even a leap year. */
export const longestDelaySeconds = 366 * 86_400;

export type DueTime =
  /** Unix ms; `null` for now. */
  { readonly outcome: 'due'; readonly scheduledAt: number | null } | Refusal<'invalid-request'>;

/** The moment that `when` means at `now`, Unix ms. A delay of 0 means now. */
export function dueTime({ at, delaySeconds }: When, now: number): DueTime {
  if (at !== undefined && delaySeconds !== undefined) {
    return refused('at', 'cannot be combined with delay_seconds');
  }
  if (delaySeconds !== undefined && delaySeconds > longestDelaySeconds) {
    return refused('delay_seconds', `must be at most ${longestDelaySeconds}, which is 366 days`);
  }
  if (at === undefined) {
    return { outcome: 'due', scheduledAt: delaySeconds ? now + delaySeconds * 1_000 : null };
  }
  if (at <= now) return refused('at', 'is in the past. Give a later time');
  if (at > now + longestDelaySeconds * 1_000) return refused('at', 'must be at most 366 days from now');
  return { outcome: 'due', scheduledAt: at };
}

/** A time (Unix ms) for people, in UTC. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function refused(field: string, message: string): Refusal<'invalid-request'> {
  return refuseInvalid([{ field, message }]);
}
