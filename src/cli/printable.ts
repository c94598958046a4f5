import { escapeControls } from '../core/control-characters.ts';

/**
 * Text from outside (a payload, a model, a receiver), safe for a terminal: characters that could move the cursor or
 * change colours or the window's title are escaped. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return escapeControls(text.replace(/\r\n?/g, '\n'));
}

/** `printable`, on one line and at most `length` characters long. */
export function oneLine(text: string, length: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
