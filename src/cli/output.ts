import { escapeControls } from '../core/control-characters.ts';
import { colours } from './colours.ts';

export type Colours = ReturnType<typeof colours>;

/** Prints a command's answer: formatted for people, or exactly the API's JSON under `--json`. */
export interface Output {
  readonly json: boolean;
  /** Prints the answer: `value` as JSON under `--json`, else the result of `render`; `null` prints nothing. */
  answer(value: unknown, render: (paint: Colours) => string | null): void;
  /** Prints a page of a list, and tells people how to get the next one. */
  page(page: { readonly next_cursor: string | null }, render: (paint: Colours) => string): void;
  /** Prints one of many answers as it arrives: under `--json`, as one line of JSON. */
  line(value: unknown, render: (paint: Colours) => string): void;
  /** Prints a remark on stderr, for people only. */
  note(text: string): void;
}

/** Output of this process. */
export function processOutput(json: boolean): Output {
  const paint = colours(process.stdout);
  const write = (text: string | null) => {
    if (text !== null) process.stdout.write(`${text}\n`);
  };
  const answer: Output['answer'] = (value, render) =>
    write(json ? escapeControls(JSON.stringify(value, null, 2)) : render(paint));
  const note: Output['note'] = (text) => {
    if (!json) process.stderr.write(`${colours(process.stderr).dim(text)}\n`);
  };
  return {
    json,
    answer,
    note,
    page: (page, render) => {
      answer(page, render);
      if (page.next_cursor !== null) note(`More items: --cursor ${page.next_cursor}`);
    },
    line: (value, render) => write(json ? escapeControls(JSON.stringify(value)) : render(paint)),
  };
}
