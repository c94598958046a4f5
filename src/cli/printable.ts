// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Text that somebody else wrote (a payload, a model, a receiver), safe for a terminal: without the control characters
 * that could move the cursor, change colours or the window's title. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(controlCharacters, '\ufffd');
}

/** `printable`, on one line and at most `length` characters long. */
export function oneLine(text: string, length: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
