import { waitingOf } from '../../core/connectors/listening.ts';
import type { ConnectorEvent } from '../../core/ports/connector-history.ts';
import type { SourceState } from '../../core/ports/connector-sources.ts';
import type { Schedule } from '../../core/schedules/schedule.ts';
import type { NextRuns, WireConnectorEvent, WireSourceState } from '../contract/connector-source.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/** A schedule with its next ticks (Unix ms) in wire format. */
export function nextRunsToWire({ words, timeZone }: Schedule, ticks: readonly number[]): NextRuns {
  const items = ticks.map((tick) => ({ at: toIso(tick) }));
  return { items, next_cursor: null, schedule_in_words: words, timezone: timeZone };
}

/** A source's state in wire format; `null` means that the connector needs no source. */
export function sourceStateToWire(state: SourceState | null): WireSourceState {
  if (state === null) {
    const nothing = {
      since: null,
      last_error: null,
      next_event_at: null,
      lag: null,
      oldest_seconds: null,
      positions: [],
    };
    return { status: 'not-needed', connected: false, ...nothing };
  }
  const { status, since, lastError, nextEventAt, backlog } = state;
  return {
    status,
    connected: status === 'running',
    since: toIsoOrNull(since),
    last_error: lastError === null ? null : { at: toIso(lastError.at), message: lastError.message },
    next_event_at: toIsoOrNull(nextEventAt),
    lag: backlog?.waiting ?? null,
    oldest_seconds: backlog?.oldestSeconds ?? null,
    positions: (backlog?.parts ?? []).map((part) => ({ ...part, lag: waitingOf(part) })),
  };
}

/** An event of a connector's history in wire format. */
export function connectorEventToWire({ eventId, at, event, detail }: ConnectorEvent): WireConnectorEvent {
  return { event_id: eventId, at: toIso(at), event, detail };
}
