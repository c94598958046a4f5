import type { WireHealth } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { oneLine } from '../printable.ts';

/** How a connector does, in a word and, where there is something to say, why. */
export function healthText({ status, reason }: WireHealth, paint: Colours): string {
  const text = reason === null ? status : `${status}: ${oneLine(reason, 100)}`;
  switch (status) {
    case 'ok':
      return paint.green(text);
    case 'failing':
      return paint.red(text);
    case 'idle':
      return paint.dim(text);
    case 'paused':
    case 'disabled':
      return paint.yellow(text);
  }
}
