import type { WireHealth } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { oneLine } from '../printable.ts';

/** A connector's status, with the reason if there is one. */
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
