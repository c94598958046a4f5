import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A code block of a page. */
export interface PageBlock {
  /** The name of its language; empty where it has none. */
  readonly language: string;
  readonly text: string;
  /** Where its text begins, from 1. */
  readonly line: number;
}

/** @param page relative to the root of the repository */
export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** The code blocks of Markdown, in order. */
export function blocksIn(markdown: string): readonly PageBlock[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(
    ({ 1: language = '', 2: text = '', index }) => ({
      language,
      text,
      line: markdown.slice(0, index).split('\n').length + 1,
    }),
  );
}

/**
 * The commands of a block for a shell, each with all its lines: one goes on behind a backslash, in an open quote, in a
 * function until its brace, and in a document until its last word. Lines that are comments are left out.
 */
export function commandsIn(block: string): readonly string[] {
  const commands: string[] = [];
  let open: string[] = [];
  for (const line of block.trimEnd().split('\n')) {
    if (open.length === 0 && /^\s*(#|$)/.test(line)) continue;
    open.push(line);
    if (goesOn(open)) continue;
    commands.push(open.join('\n'));
    open = [];
  }
  return commands;
}

function goesOn(lines: readonly string[]): boolean {
  const [first = ''] = lines;
  const last = lines.at(-1) ?? '';
  const document = /<<'?(\w+)'?$/.exec(first)?.[1];
  if (document !== undefined) return last !== document;
  if (first.endsWith('{') && !first.includes("'")) return last !== '}';
  return last.endsWith('\\') || hasOpenQuote(lines.join('\n'));
}

function hasOpenQuote(text: string): boolean {
  let quote = '';
  for (const [index, letter] of [...text].entries()) {
    if (quote === '' && (letter === "'" || letter === '"') && text[index - 1] !== '\\') quote = letter;
    else if (letter === quote && (letter === "'" || text[index - 1] !== '\\')) quote = '';
  }
  return quote !== '';
}
