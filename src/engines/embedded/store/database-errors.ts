import { RetryableError } from '../../../core/errors.ts';

/** What SQLite's primary result codes (https://sqlite.org/rescode.html) mean to an operator. */
const unavailable: ReadonlyMap<number, string> = new Map([
  [5, 'The database is locked by another process.'],
  [6, 'The database is locked.'],
  [7, 'The process is out of memory.'],
  [8, 'The data folder is read-only.'],
  [10, 'The disk of the data folder reported an error.'],
  [11, 'The database file is damaged; restore a backup.'],
  [13, 'The disk of the data folder is full.'],
  [14, 'The database file cannot be opened.'],
  [26, 'The database file is damaged; restore a backup.'],
]);

/** Seconds after which it makes sense to try again: an operator has to free space or mount a disk first. */
const retryAfterSeconds = 5;

/**
 * The error that the ports promise for a store that is away; anything else is a bug and stays as it is.
 * @param isOpen whether the database is still open: the process is stopping otherwise
 */
export function translateDatabaseError(thrown: unknown, isOpen: boolean): unknown {
  if (thrown instanceof RetryableError) return thrown;
  if (!isOpen) return new RetryableError('The engine has stopped.', { cause: thrown });
  const message = unavailable.get(primaryResultCode(thrown));
  return message === undefined ? thrown : new RetryableError(message, { cause: thrown, retryAfterSeconds });
}

/** The lower byte of what `node:sqlite` calls `errcode`; 0 for anything else that was thrown. */
function primaryResultCode(thrown: unknown): number {
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return 0;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : 0;
}
