import { PermanentError } from '../../../core/errors.ts';

/** Where a list goes on: after the row at `position`. */
export function formatCursor(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

/**
 * The position below which the next page begins; every position is below that of a missing cursor.
 * @throws PermanentError `invalid-cursor`
 */
export function parseCursor(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  const text = Buffer.from(cursor, 'base64url').toString();
  const position = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(position)) {
    throw new PermanentError('invalid-cursor', 'The cursor is none that this list has given.');
  }
  return position;
}
