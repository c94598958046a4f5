import Table from 'cli-table3';
import type { Colours } from './output.ts';

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table with aligned columns and no borders. Cells may contain colours. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Colours,
): string {
  const drawn = new Table({
    head: headings.map((heading) => paint.bold(heading)),
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  drawn.push(...rows.map((row) => [...row]));
  return withoutTrailingSpace(drawn.toString());
}

/** Names and values, one pair per line; entries without a value are left out. */
export function facts(entries: readonly (readonly [string, string | null])[], paint: Colours): string {
  const shown = entries.filter((entry) => entry[1] !== null);
  const width = Math.max(...shown.map(([name]) => name.length));
  const indented = `\n${' '.repeat(width + 2)}`;
  return shown
    .map(([name, value]) => `${paint.dim(name.padEnd(width))}  ${value?.replaceAll('\n', indented)}`)
    .join('\n');
}

function withoutTrailingSpace(text: string): string {
  return text.replace(/[ \t]+$/gm, '');
}
