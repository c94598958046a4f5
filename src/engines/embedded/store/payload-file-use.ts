import type { Database } from './database.ts';

/** Tells whether a committed row names a file of payloads or outputs. */
export function payloadFileUse(database: Database): (file: string) => boolean {
  const select = database.statement(`
    SELECT 1 FROM triggers WHERE payload_file = ?
    UNION ALL SELECT 1 FROM run_results WHERE output_file = ?`);
  return (file) => select.get(file, file) !== undefined;
}
