import type { Refused } from './received.ts';
import type { RefusalReason } from './refusal-reason.ts';

/** A type's refusal of an event. @param detail one clear sentence for the sender */
export function refuseEvent(reason: RefusalReason, detail: string): Refused {
  return { outcome: 'refused', reason, detail };
}
