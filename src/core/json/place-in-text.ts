/** A position in a text, as editors count: `line 2 column 14`. */
export function placeInText(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  const column = Array.from(lines.at(-1) ?? '').length + 1;
  return `line ${lines.length} column ${column}`;
}
