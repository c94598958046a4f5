import * as z from 'zod';
import { noteEvent } from '../connectors/note-event.ts';
import { messageOf } from '../errors.ts';
import type { SourceState } from '../ports/connector-sources.ts';
import type { Engine } from '../ports/engine.ts';
import type { PollOutcome } from './poll-once.ts';

/** How a connector's polls have gone so far, as engines store it. */
export const pollHealth = z.object({
  status: z.enum(['running', 'failing']),
  /** Unix ms of the last change of `status`. */
  since: z.number(),
  /** Failed polls since the last successful one. */
  failures: z.number(),
  lastError: z.object({ at: z.number(), message: z.string() }).nullable(),
});
export type PollHealth = z.infer<typeof pollHealth>;

/** The longest pause after failures, unless the connector polls less often. */
const longestPauseSeconds = 300;

/**
 * The health after another poll. Records a change of status in the connector's history; a run of failures is one
 * change.
 *
 * @param before `null` before the first poll
 */
export async function settleHealth(
  engine: Engine,
  connectorId: string,
  before: PollHealth | null,
  outcome: Exclude<PollOutcome, { outcome: 'stopped' }>,
): Promise<PollHealth> {
  const now = engine.clock();
  const failed = outcome.outcome === 'failed';
  const status = failed ? 'failing' : 'running';
  const after: PollHealth = {
    status,
    since: before?.status === status ? before.since : now,
    failures: failed ? (before?.failures ?? 0) + 1 : 0,
    lastError: failed ? { at: now, message: outcome.reason } : (before?.lastError ?? null),
  };
  if (before?.status !== status) {
    const detail = failed ? outcome.reason : 'Connected to its source.';
    await noteEvent(engine, connectorId, `source.${status}`, { key: status, timeMs: now }, detail).catch(
      (thrown: unknown) => {
        engine.log.warn('history.not-written', { connector_id: connectorId, reason: messageOf(thrown) });
      },
    );
  }
  return after;
}

/**
 * How long to wait for the next poll, in ms: not at all while more events wait, and longer with each failure.
 *
 * @param health after the poll
 */
export function pauseAfterPoll(
  everySeconds: number,
  outcome: Exclude<PollOutcome, { outcome: 'stopped' }>,
  { failures }: PollHealth,
): number {
  if (outcome.outcome === 'polled') return outcome.more ? 0 : everySeconds * 1_000;
  const longest = Math.max(everySeconds, longestPauseSeconds);
  const pause = Math.min(longest, everySeconds * 2 ** (failures - 1));
  return Math.max(pause, outcome.retryAfterSeconds ?? 0) * 1_000;
}

/** The state of a polled source, without its backlog, which the caller asks for. */
export function stateOfPolls(health: PollHealth | null): SourceState {
  const { status = 'starting', since = null, lastError = null } = health ?? {};
  return { status, since, lastError, nextEventAt: null, backlog: null };
}
