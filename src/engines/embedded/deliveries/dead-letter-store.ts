import {
  cannotBeRetried,
  type DeadLetter,
  type DeadLetterStore,
} from '../../../core/ports/dead-letter-store.ts';
import { number, type Row, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';

/**
 * Keeps events that failed after all retries.
 * @param onRetried called when a retried dead letter has put its run back into the outbox
 */
export function createDeadLetterStore(database: Database, onRetried: () => void): DeadLetterStore {
  const select = database.statement('SELECT * FROM dead_letters WHERE dead_letter_id = ?');
  const selectPage = database.statement(
    'SELECT * FROM dead_letters WHERE position < ? ORDER BY position DESC LIMIT ?',
  );
  return {
    put: (letter) => database.write('putDeadLetter', letter),
    async get(deadLetterId) {
      const row = select.get(deadLetterId);
      return row === undefined ? null : letterOfRow(row);
    },
    async list(request) {
      return pageOfRows(request, (position, limit) => selectPage.all(position, limit), letterOfRow);
    },
    async retry(deadLetterId) {
      const outcome = await database.write('retryDeadLetter', deadLetterId);
      if (outcome === 'of-another-step') {
        const source = text(select.get(deadLetterId) ?? { source: '' }, 'source');
        throw cannotBeRetried(source);
      }
      if (outcome === 'retried') onRetried();
      return outcome === 'retried';
    },
    remove: (deadLetterId) => database.write('removeDeadLetter', deadLetterId),
  };
}

function letterOfRow(row: Row): DeadLetter {
  return {
    deadLetterId: text(row, 'dead_letter_id'),
    at: number(row, 'at'),
    source: text(row, 'source'),
    reason: text(row, 'reason'),
    connectorId: textOrNull(row, 'connector_id'),
    runId: textOrNull(row, 'run_id'),
    body: JSON.parse(text(row, 'body')),
  };
}
