import type { Refused } from '../../core/connectors/received.ts';
import type { RefusalReason } from '../../core/connectors/refusal-reason.ts';

/** @param detail one clear sentence for the sender */
export function refuse(reason: RefusalReason, detail: string): Refused {
  return { outcome: 'refused', reason, detail };
}
