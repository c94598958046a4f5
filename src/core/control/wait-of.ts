import type { Engine } from '../ports/engine.ts';
import type { RunRecord } from '../runs/run.ts';
import { isHold } from './hold.ts';
import type { waitKinds } from './wait-kinds.ts';

/** Why a queued run does not start. */
export interface Wait {
  readonly kind: (typeof waitKinds)[number];
  /** In one sentence. */
  readonly reason: string;
  /** Since when the hold exists, Unix ms; `null` for a limit. */
  readonly since: number | null;
}

/** Why a queued run waits; `null` if only for its turn. @throws RetryableError when the store is unavailable */
export async function waitOf(
  { holds }: Pick<Engine, 'holds'>,
  { status, waitsFor }: Pick<RunRecord, 'status' | 'waitsFor'>,
): Promise<Wait | null> {
  if (status !== 'queued' || waitsFor === null) return null;
  if (!isHold(waitsFor)) return { kind: 'limit', reason: limitReason, since: null };
  const hold = (await holds.list()).find(({ key }) => key === waitsFor);
  if (hold === undefined) return null;
  const { reason, since, drainingSince, drainPerMinute } = hold;
  if (drainingSince === null) return { kind: 'hold', reason, since };
  const pace = drainPerMinute === null ? 'at once' : `at ${drainPerMinute} a minute`;
  return { kind: 'hold', reason: `The pause has ended. Waiting runs start in order, ${pace}.`, since };
}

const limitReason = 'As many runs as the limit of its agent or its concurrency key allows are in progress.';
