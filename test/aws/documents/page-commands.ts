import { blocksIn, commandsIn, readPage } from '../../documents/page-blocks.ts';

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
  const text = readPage(`docs/${page}`);
  const begin = text.indexOf(`\n${heading}\n`);
  if (begin === -1) throw new Error(`${page} has no heading "${heading}"`);
  const level = heading.indexOf(' ');
  const after = text.slice(begin + heading.length + 2);
  const end = after.search(new RegExp(`^#{1,${level}} `, 'm'));
  const section = end === -1 ? after : after.slice(0, end);
  return blocksIn(section).flatMap(({ language, text: block }) =>
    language === 'bash' ? [commandsIn(block)] : [],
  );
}
