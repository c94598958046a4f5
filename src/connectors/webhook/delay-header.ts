import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { ReceiveContext, Refused } from '../../core/connectors/received.ts';
import { refuseEvent } from '../../core/connectors/refuse-event.ts';
import { longestDelaySeconds } from '../../core/runs/due-time.ts';

/** Seconds for which the runs of a request wait. */
const delayHeader = 'x-connic-delay';

type Delay = { readonly outcome: 'read'; readonly scheduledAt?: number } | Refused;

/** When the runs of an authenticated request are due, by its `X-Connic-Delay`. */
export function readDelay(headers: HttpRequest['headers'], { connector, now }: ReceiveContext): Delay {
  const text = headers[delayHeader];
  if (text === undefined) return { outcome: 'read' };
  if (connector.mode === 'sync') {
    return refused(
      'A sync connector answers with the result of its runs. Leave X-Connic-Delay out, or use an inbound connector.',
    );
  }
  const seconds = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds <= longestDelaySeconds)) {
    return refused(
      `X-Connic-Delay must be a whole number of seconds from 0 to ${longestDelaySeconds} (366 days).`,
    );
  }
  return seconds === 0 ? { outcome: 'read' } : { outcome: 'read', scheduledAt: now + seconds * 1_000 };
}

function refused(detail: string): Refused {
  return refuseEvent('malformed', detail);
}
