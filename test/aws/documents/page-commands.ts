import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '../../../docs');

/** The commands of one code block, each with all its lines. */
export type CommandBlock = readonly string[];

/**
 * What a reader of a page types into a shell, in order.
 *
 * @param page file name in docs/
 * @param heading of the section whose blocks are wanted, with those of its subsections
 * @throws Error where the page has no such heading
 */
export function commandsOf(page: string, heading: string): CommandBlock[] {
  const text = readFileSync(join(docs, page), 'utf8');
  const begin = text.indexOf(`\n${heading}\n`);
  if (begin === -1) throw new Error(`${page} has no heading "${heading}"`);
  const level = heading.indexOf(' ');
  const after = text.slice(begin + heading.length + 2);
  const end = after.search(new RegExp(`^#{1,${level}} `, 'm'));
  const section = end === -1 ? after : after.slice(0, end);
  return [...section.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block = '']) => split(block));
}

/** A command goes on in the next line behind a backslash, and a function until its brace. */
function split(block: string): string[] {
  const commands: string[] = [];
  let open: string[] = [];
  for (const line of block.trimEnd().split('\n')) {
    open.push(line);
    const isFunction = open[0]?.endsWith('{') === true && line !== '}';
    if (line.endsWith('\\') || isFunction) continue;
    commands.push(open.join('\n'));
    open = [];
  }
  return commands;
}
