import type { NextRuns, WireConnectorEvent, WireSourceState } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { durationText, localTime } from '../time-text.ts';

/** The next ticks of a schedule, in local time and in the schedule's time zone. */
export function nextRunsText(next: NextRuns, paint: Colours): string {
  const words = `${printable(next.schedule_in_words)} (${next.timezone})`;
  if (next.items.length === 0) return `${words}\n\nThe connector is disabled; its schedule is paused.`;
  const rows = next.items.map(({ at }) => [localTime(at), timeIn(next.timezone, at)]);
  return `${words}\n\n${table(['LOCAL TIME', next.timezone.toUpperCase()], rows, paint)}`;
}

function timeIn(timeZone: string, iso: string): string {
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(new Date(iso));
}

/** The status and the lag of a source. */
export function sourceStateText(state: WireSourceState, paint: Colours): string {
  const shown = facts(
    [
      ['source', statusText(state, paint)],
      ['since', state.since && localTime(state.since)],
      ['next event', state.next_event_at && localTime(state.next_event_at)],
      ['lag', state.lag === null ? null : lagText(state.lag, state.oldest_seconds)],
      ['last error', state.last_error && errorText(state.last_error)],
    ],
    paint,
  );
  if (state.positions.length === 0) return shown;
  const rows = state.positions.map(({ stream, next, end, lag }) => [
    printable(stream),
    next === null ? '-' : String(next),
    String(end),
    lag === null ? '-' : String(lag),
  ]);
  return `${shown}\n\n${table(['STREAM', 'NEXT', 'END', 'LAG'], rows, paint)}`;
}

function lagText(lag: number, oldestSeconds: number | null): string {
  return oldestSeconds === null
    ? String(lag)
    : `${lag}, the oldest for ${durationText(oldestSeconds * 1_000)}`;
}

function errorText({ at, message }: { readonly at: string; readonly message: string }): string {
  return `${localTime(at)} ${printable(message)}`;
}

function statusText({ status }: WireSourceState, paint: Colours): string {
  switch (status) {
    case 'running':
      return paint.green('running');
    case 'failing':
      return paint.red('failing, retrying automatically');
    case 'starting':
      return paint.yellow('starting');
    case 'stopped':
      return paint.yellow('stopped: the connector is disabled or has no agents');
    case 'not-needed':
      return 'none: the connector is called over HTTP or delivers results';
  }
}

/** A connector's history as a table. */
export function historyTable(events: readonly WireConnectorEvent[], paint: Colours): string {
  if (events.length === 0) return 'No entries: no missed or skipped ticks, no failures, no dropped results.';
  return table(
    ['AT', 'EVENT', 'DETAIL'],
    events.map(({ at, event, detail }) => [localTime(at), event, oneLine(detail, 100)]),
    paint,
  );
}
