import type { DeadLetter } from '../../core/ports/dead-letter-store.ts';
import type { WireDeadLetter } from '../contract/dead-letter.ts';
import { toIso } from './iso-time.ts';

/** A dead letter in wire format. */
export function deadLetterToWire(letter: DeadLetter): WireDeadLetter {
  return {
    dead_letter_id: letter.deadLetterId,
    at: toIso(letter.at),
    source: letter.source,
    reason: letter.reason,
    connector_id: letter.connectorId,
    run_id: letter.runId,
    body: letter.body,
  };
}
