import { PermanentError } from '../../core/errors.ts';
import type { DeadLetter, DeadLetterStore } from '../../core/ports/dead-letter-store.ts';
import { number, type Row, text, textOrNull } from './columns.ts';
import type { Database } from './database.ts';
import { pageOfRows } from './page-of-rows.ts';

/** Takes a letter back into the step that gave it up, within the write that removes the letter. */
export type TakeBack = (letter: DeadLetter) => void;

/**
 * Keeps what no handler could take.
 * @param steps by the letter's source: what retries it
 * @param onRetried is told that a step has got something to do
 */
export function createDeadLetterStore(
  database: Database,
  steps: ReadonlyMap<string, TakeBack>,
  onRetried: () => void,
): DeadLetterStore {
  const insert = database.statement(`
    INSERT INTO dead_letters (dead_letter_id, at, source, reason, connector_id, run_id, body)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const select = database.statement('SELECT * FROM dead_letters WHERE dead_letter_id = ?');
  const selectPage = database.statement(
    'SELECT * FROM dead_letters WHERE position < ? ORDER BY position DESC LIMIT ?',
  );
  const remove = database.statement('DELETE FROM dead_letters WHERE dead_letter_id = ?');

  return {
    async put({ deadLetterId, at, source, reason, connectorId, runId, body }) {
      const stored = JSON.stringify(body);
      await database.write(() => insert.run(deadLetterId, at, source, reason, connectorId, runId, stored));
    },
    async get(deadLetterId) {
      const row = select.get(deadLetterId);
      return row === undefined ? null : letterOfRow(row);
    },
    async list(request) {
      return pageOfRows(request, (position, limit) => selectPage.all(position, limit), letterOfRow);
    },
    async retry(deadLetterId) {
      const retried = await database.write(() => {
        const row = select.get(deadLetterId);
        if (row === undefined) return false;
        const letter = letterOfRow(row);
        const takeBack = steps.get(letter.source);
        if (takeBack === undefined) {
          throw new PermanentError('not-retryable', `Nothing here retries what "${letter.source}" gave up.`);
        }
        takeBack(letter);
        return remove.run(deadLetterId) > 0;
      });
      if (retried) onRetried();
      return retried;
    },
    async remove(deadLetterId) {
      return (await database.write(() => remove.run(deadLetterId))) > 0;
    },
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
