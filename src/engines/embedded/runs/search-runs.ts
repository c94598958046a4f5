import { PermanentError } from '../../../core/errors.ts';
import { matchesContext, textFinder } from '../../search-text.ts';
import { number, type Row, textOrNull } from '../store/connection.ts';
import type { PayloadFiles, StoredText } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import { contextOfRow, hasOutput, selectRun, storedText } from './run-rows.ts';

/** Decides whether a run matches an operator's search. */
export interface RunSearch {
  /**
   * @param row a row of `runs`
   * @param search text in payload, output or error, ignoring case; or `key=value` on the context
   */
  matches(row: Row, search: string): Promise<boolean>;
}

export function runSearch(database: Database, files: PayloadFiles): RunSearch {
  const select = database.statement(`${selectRun} WHERE runs.position = ?`);
  /** Lost text matches nothing. */
  const textOf = (stored: StoredText) =>
    files.load(stored).catch((thrown: unknown) => {
      if (thrown instanceof PermanentError) return '';
      throw thrown;
    });
  return {
    async matches(summary, search) {
      const row = select.get(number(summary, 'position'));
      if (row === undefined) return false;
      if (matchesContext(search, () => contextOfRow(row))) return true;
      const contains = textFinder(search);
      if (contains(textOrNull(row, 'error_message') ?? '')) return true;
      if (contains(await textOf(storedText(row, 'payload', 'payload_file')))) return true;
      return hasOutput(row) && contains(await textOf(storedText(row, 'output', 'output_file')));
    },
  };
}
