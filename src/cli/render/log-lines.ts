import type { WireLogLine } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { localTime } from '../time-text.ts';

/** Log lines of a run, oldest first, one line each. */
export function logLines(lines: readonly WireLogLine[], paint: Colours): string {
  return lines
    .map(({ at, level, source, message }) => {
      const time = paint.dim(localTime(at).slice(11));
      return `${time} ${levelText(level, paint)} ${paint.dim(printable(source))} ${printable(message)}`;
    })
    .join('\n');
}

function levelText(level: WireLogLine['level'], paint: Colours): string {
  const paints = { debug: paint.dim, info: paint.cyan, warn: paint.yellow, error: paint.red };
  return paints[level](level.padEnd(5));
}
