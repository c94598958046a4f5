import type { WireDeployment } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { timeText } from '../time-text.ts';

export type ShownPause = Pick<WireDeployment, 'paused' | 'pause'>;

/** Whether something is paused, and what waits. */
export function pauseText(shown: ShownPause, title: string, paint: Colours): string {
  const state = shown.paused ? paint.yellow('paused') : paint.green('active');
  const waits = waitingText(shown);
  return `${paint.bold(printable(title))}: ${state}${waits === null ? '' : `\n${waits}`}`;
}

/** What waits in a pause, or after it; `null` if there is none. */
export function waitingText({ paused, pause }: ShownPause): string | null {
  if (pause === null) return null;
  const { waiting, more, oldest_at: oldest, drain_per_minute: rate, since, by } = pause;
  const count = `${waiting}${more ? ' or more' : ''}`;
  const behind = oldest === null ? '' : `, the oldest since ${timeText(oldest)}`;
  const who = by === null ? '' : ` by ${printable(by)}`;
  if (paused) return `Paused${who} since ${timeText(since)}. Waiting: ${count}${behind}.`;
  const pace = rate === null ? 'at once' : `at ${rate} a minute`;
  return `Resumed: everything that waited continues ${pace}. Still waiting: ${count}${behind}.`;
}
