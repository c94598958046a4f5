import type { WireDelivery } from '../../src/api/contract/delivery.ts';

import { counted } from '../format/numbers.ts';

/** The state of a delivery in words. */
export function describeDelivery({
  status,
  reason,
  attempts,
}: Pick<WireDelivery, 'status' | 'reason' | 'attempts'>): string {
  if (reason !== null) return reason;
  const last = attempts.at(-1);
  if (last === undefined) return status === 'pending' ? 'Not attempted yet' : 'Not attempted';
  const tries = counted(attempts.length, 'attempt');
  if (status === 'delivered') return `Delivered (${answerText(last.status_code)}), ${tries}`;
  return `${last.error ?? answerText(last.status_code)} (${tries})`;
}

function answerText(statusCode: number | null): string {
  return statusCode === null ? 'acknowledged' : `HTTP ${statusCode}`;
}
