import { isJsonObject, type JsonObject, valueAtPath } from '../../../core/json-value.ts';
import { number, type Row, textOrNull } from '../columns.ts';
import type { Database } from '../database.ts';
import type { PayloadFiles } from '../payload-files.ts';
import { contextOfRow, hasOutput, selectRun, storedText } from './run-rows.ts';

/** Decides whether a run holds what an operator looks for. */
export interface RunSearch {
  /**
   * @param row a row of `runs`
   * @param search text in payload, output or error, in any case; or `key=value` on the context
   */
  matches(row: Row, search: string): Promise<boolean>;
}

export function runSearch(database: Database, files: PayloadFiles): RunSearch {
  const select = database.statement(`${selectRun} WHERE runs.position = ?`);
  return {
    async matches(summary, search) {
      const row = select.get(number(summary, 'position'));
      if (row === undefined) return false;
      if (matchesContext(search, () => contextOfRow(row))) return true;
      const contains = textFinder(search);
      if (contains(textOrNull(row, 'error_message') ?? '')) return true;
      if (contains(await files.load(storedText(row, 'payload', 'payload_file')))) return true;
      return hasOutput(row) && contains(await files.load(storedText(row, 'output', 'output_file')));
    },
  };
}

function matchesContext(search: string, context: () => JsonObject): boolean {
  const [, path, wanted] = /^([\w.-]+)=(.*)$/s.exec(search) ?? [];
  if (path === undefined) return false;
  const value = valueAtPath(context(), path);
  if (value === undefined) return false;
  const shown = isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
  return shown === wanted;
}

/** Finds a text as it is, and as it stands within the quotes of a JSON text. */
function textFinder(search: string): (text: string) => boolean {
  const plain = search.toLowerCase();
  const quoted = JSON.stringify(plain).slice(1, -1);
  return (text) => {
    const lower = text.toLowerCase();
    return lower.includes(plain) || lower.includes(quoted);
  };
}
