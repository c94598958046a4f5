import type { Connector } from '../../../../core/connectors/connector.ts';
import type { ConnectorSecrets } from '../../../../core/connectors/connector-secrets.ts';
import { messageOf } from '../../../../core/errors.ts';
import type { JsonValue } from '../../../../core/json/json-value.ts';
import {
  type PollHealth,
  pauseAfterPoll,
  pollHealth,
  pollOf,
  pollOnce,
  settleHealth,
  stateOfPolls,
} from '../../../../core/polls/poll-once.ts';
import type { SourceState } from '../../../../core/ports/connector-sources.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { clockToleranceMs } from '../../queues/clock-watch.ts';
import { LaneQueue } from '../../queues/lane-queue.ts';
import { numberOrNull, type Row, text, textOrNull } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';
import { InTurn } from '../in-turn.ts';

/** The only lane. */
const lane = 'polls';
/** Sources polled at a time: each may hold a connection and its response. */
const maxInFlight = 64;

export interface PollQueue {
  /** Starts polling what `follow` has added or the database holds. */
  start(): void;
  /** Follows a connector's current configuration. A change is polled immediately. */
  follow(connectorId: string): void;
  /** Connectors with a stored poll. */
  connectorIds(): readonly string[];
  /** The state of its polls; `null` for a connector that is not polled. */
  state(connector: Connector): SourceState | null;
  /** Aborts the polls that wait for their source; resolves when the results of the others are stored. */
  stop(): Promise<void>;
}

/** A polled connector, between two changes of it. */
interface Polling {
  /** Equal for polls with the same behaviour. */
  readonly identity: string;
  readonly stop: AbortController;
  /** Whether events arrived since the last poll began. */
  hurried: boolean;
}

/**
 * Polls the sources of connectors, each from its stored cursor at its stored time. Polls of one source never overlap.
 * They slow down while the source fails, and follow without a pause while it says that more is waiting.
 */
export function pollQueue(database: Database, engine: Engine): PollQueue {
  const { clock, log } = engine;
  const rows = pollRows(database);
  const pollings = new Map<string, Polling>();
  const changes = new InTurn();
  let stopping = false;

  const poll = async (connectorId: string) => {
    const row = rows.get(connectorId);
    const connector = await engine.connectors.get(connectorId);
    const polled = connector === null ? null : pollOf(engine, connector);
    const polling = pollings.get(connectorId);
    if (row === null || row.nextPollAt === null || connector === null || polled === null || !polling) {
      return renew(connectorId);
    }
    const { signal } = polling.stop;
    polling.hurried = false;
    const outcome = await pollOnce(engine, { connector, way: polled.way, cursor: row.cursor, signal });
    if (outcome.outcome === 'stopped') return;
    const after = await settleHealth(engine, connectorId, row.health, outcome);
    const now = clock();
    const nextPollAt = now + pauseAfterPoll(polled.everySeconds, outcome, after);
    const settled = { connectorId, dueAt: row.nextPollAt, nextPollAt, health: JSON.stringify(after) };
    if (signal.aborted) return;
    await database.write('settlePoll', settled, now);
    // The source's announcement may have come too late for this poll.
    if (polling.hurried) await database.write('hurryPoll', connectorId, clock());
  };

  /** @param isGone whether the connector was deleted */
  const rest = async (connectorId: string, isGone: boolean) => {
    const stored = rows.get(connectorId);
    pollings.get(connectorId)?.stop.abort();
    pollings.delete(connectorId);
    if (isGone && stored !== null) await database.write('removePoll', connectorId);
    else if (stored !== null && stored.nextPollAt !== null) await database.write('restPoll', connectorId);
  };

  const renew = async (connectorId: string) => {
    const connector = await engine.connectors.get(connectorId);
    const stored = rows.get(connectorId);
    const before = pollings.get(connectorId);
    const polled = connector === null ? null : pollOf(engine, connector);
    if (connector === null || polled === null) return rest(connectorId, connector === null);
    const secrets = await engine.secrets.get(connectorId);
    const identity = identityOf(connector, secrets);
    const isStored = stored !== null && stored.nextPollAt !== null;
    if (stopping || (before?.identity === identity && isStored)) return;
    before?.stop.abort();
    const polling: Polling = { identity, stop: new AbortController(), hurried: false };
    pollings.set(connectorId, polling);
    // A poll stored by an earlier process keeps its due time.
    const isKnown = before === undefined && isStored;
    if (!isKnown) await database.write('putPoll', connectorId, clock(), clock());
    queue.announce(lane);
    const { signal } = polling.stop;
    const { allowPrivateTargets } = engine.settings;
    const wake = () => hurry(connectorId, polling);
    polled.way.watch?.({ connector, secrets, allowPrivateTargets, signal, wake });
  };

  const hurry = (connectorId: string, polling: Polling) => {
    if (polling.stop.signal.aborted) return;
    polling.hurried = true;
    database.write('hurryPoll', connectorId, clock()).then(
      () => queue.announce(lane),
      (thrown: unknown) => {
        log.warn('poll.not-hurried', { connector_id: connectorId, reason: messageOf(thrown) });
      },
    );
  };

  const unfollowed = new Set<string>();
  const follow = (connectorId: string) =>
    changes.add(connectorId, async () => {
      unfollowed.delete(connectorId);
      await renew(connectorId).catch((thrown: unknown) => {
        unfollowed.add(connectorId);
        log.warn('source.not-followed', { connector_id: connectorId, reason: messageOf(thrown) });
      });
    });

  const queue: LaneQueue = new LaneQueue(
    {
      lanes: () => [lane],
      due: (_lane, now, limit) => rows.due(now, limit),
      nextDueAt: () => rows.nextDueAt(),
      work: poll,
      async tidy() {
        for (const connectorId of unfollowed) follow(connectorId);
        const now = clock();
        // The clock was set back: a next poll computed from the wrong time may be far away.
        for (const id of rows.reckonedAfter(now + clockToleranceMs))
          await database.write('putPoll', id, now, now);
      },
    },
    { failureEvent: 'source.not-polled', maxInFlight, maxInFlightPerLane: maxInFlight, clock, log },
  );
  return {
    start() {
      void changes.whenIdle().then(() => {
        if (!stopping) queue.start();
      });
    },
    follow,
    connectorIds: () => rows.connectorIds(),
    state({ id }) {
      const row = rows.get(id);
      return row === null || row.nextPollAt === null ? null : stateOfPolls(row.health);
    },
    async stop() {
      stopping = true;
      queue.stop();
      await changes.whenIdle();
      for (const { stop } of pollings.values()) stop.abort();
      await queue.whenIdle();
    },
  };
}

function identityOf({ config }: Connector, secrets: ConnectorSecrets): string {
  return JSON.stringify([config, secrets.config, secrets.current]);
}

/** The stored poll of a connector. */
export interface PollRow {
  readonly cursor: JsonValue;
  /** Unix ms; `null` while the connector is not polled. */
  readonly nextPollAt: number | null;
  /** `null` before the first poll. */
  readonly health: PollHealth | null;
}

/** Reads the stored polls. */
export function pollRows(database: Database) {
  const select = database.statement('SELECT * FROM polls WHERE connector_id = ?');
  const selectDue = database.statement(
    'SELECT connector_id FROM polls WHERE next_poll_at <= ? ORDER BY next_poll_at LIMIT ?',
  );
  const selectNext = database.statement('SELECT min(next_poll_at) AS next_poll_at FROM polls');
  const selectAhead = database.statement(
    'SELECT connector_id FROM polls WHERE reckoned_at > ? AND next_poll_at IS NOT NULL',
  );
  const selectIds = database.statement('SELECT connector_id FROM polls');
  const idOf = (row: Row) => text(row, 'connector_id');
  return {
    get(connectorId: string): PollRow | null {
      const row = select.get(connectorId);
      return row === undefined ? null : pollOfRow(row);
    },
    connectorIds: () => selectIds.all().map(idOf),
    due: (now: number, limit: number) => selectDue.all(now, limit).map(idOf),
    nextDueAt(): number | null {
      const row = selectNext.get();
      return row === undefined ? null : numberOrNull(row, 'next_poll_at');
    },
    /** Connectors whose next poll was computed after `timeMs`, in the future: the clock has gone back. */
    reckonedAfter: (timeMs: number) => selectAhead.all(timeMs).map(idOf),
  };
}

function pollOfRow(row: Row): PollRow {
  const health = textOrNull(row, 'health');
  return {
    cursor: JSON.parse(textOrNull(row, 'cursor') ?? 'null'),
    nextPollAt: numberOrNull(row, 'next_poll_at'),
    health: health === null ? null : pollHealth.parse(JSON.parse(health)),
  };
}
