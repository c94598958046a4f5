import type { Connector } from '../../../../core/connectors/connector.ts';
import { uuidV4 } from '../../../../core/identifiers.ts';
import {
  type ConnectorPoll,
  type PollHealth,
  pauseAfterPoll,
  pollOf,
  pollOnce,
  settleHealth,
} from '../../../../core/polls/poll-once.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import type { Table } from '../../store/table.ts';
import { claimPoll, releasePoll, type StoredPoll } from './stored-polls.ts';

/** Longest time to poll one source with more events, in ms; then other connectors get their turn. */
const stretchMs = 8_000;

/**
 * Polls a connector's source, and again while it reports more events. One caller at a time per connector.
 *
 * @returns `more` if the caller must poll again soon; `not-acquired` if another caller polls the source, or it must not
 * be polled
 * @throws RetryableError when the table is unavailable
 */
export async function takePoll(
  engine: Engine,
  table: Table,
  connectorId: string,
): Promise<'polled' | 'more' | 'not-acquired'> {
  const connector = await engine.connectors.get(connectorId);
  const polled = connector === null ? null : pollOf(engine, connector);
  if (connector === null || polled === null) return 'not-acquired';
  const owner = uuidV4(engine.entropy);
  const stored = await claimPoll(table, connectorId, owner, engine.clock());
  if (stored === null) return 'not-acquired';
  let last: Stretch | null = null;
  try {
    const leftAlone = stored.version === connector.version && engine.clock() < stored.from;
    last = leftAlone ? null : await pollStretch(engine, connector, polled, stored);
  } finally {
    await releasePoll(table, connectorId, owner, last, connector.version);
  }
  if (last === null) return 'not-acquired';
  return last.more ? 'more' : 'polled';
}

interface Stretch {
  readonly health: PollHealth;
  readonly more: boolean;
  /** Unix ms before which the source is not polled again: now, unless it fails. */
  readonly nextAt: number;
}

async function pollStretch(
  engine: Engine,
  connector: Connector,
  { way, everySeconds }: ConnectorPoll,
  stored: StoredPoll,
): Promise<Stretch> {
  const { signal } = new AbortController();
  const until = engine.clock() + stretchMs;
  let { cursor, health } = stored;
  for (;;) {
    const outcome = await pollOnce(engine, { connector, way, cursor, signal });
    if (outcome.outcome === 'stopped') throw new Error('nobody stops a poll here');
    const after: PollHealth = await settleHealth(engine, connector.id, health, outcome);
    health = after;
    const now = engine.clock();
    if (outcome.outcome === 'failed') {
      // The platform's ticks come at the connector's interval, but not exact to the second.
      const pauseMs = pauseAfterPoll(everySeconds, outcome, after) - (everySeconds * 1_000) / 2;
      return { health: after, more: false, nextAt: now + pauseMs };
    }
    cursor = outcome.cursor;
    if (!outcome.more || now >= until) return { health: after, more: outcome.more, nextAt: now };
  }
}
