import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePorts } from '../free-ports.ts';
import { blocksIn, commandsIn, type PageBlock, readPage } from './page-blocks.ts';
import { pageExceptions } from './page-exceptions.ts';
import { openReader, type Reader } from './reader.ts';

/**
 * Declares tests that type every command of the pages, in order.
 *
 * @param pages in the order in which somebody reads them. All of them are followed in one data folder, so each has names
 *   of its own
 * @param declareMore declares tests for after the pages
 */
export function followPages(
  pages: readonly string[],
  declareMore: (reader: () => Reader) => void = () => {},
): void {
  let reader: Reader;
  beforeAll(async () => {
    const [system = 0, receiver = 0, other = 0] = await freePorts(3);
    reader = await openReader({ 4000: system, 5050: receiver, 5051: other });
  });
  afterAll(() => reader.close());

  describe.each(pages)('%s', (page) => {
    const steps = stepsOf(page);
    const before = pages[pages.indexOf(page) - 1];
    beforeAll(async () => {
      if (startsSystem(steps.slice(0, 1))) return;
      // The page before may have ended with other agents, or with a receiver.
      if (before === undefined || startsSystem(stepsOf(before))) await reader.type('npm start');
    });

    for (const { line, commands, output } of steps) {
      test(`line ${line}: ${commands[0]?.split('\n')[0]}`, async () => {
        const printed = await reader.type(...commands);
        await untilShown(reader, printed, output, commands.at(-1) ?? '');
        if (commands.some((command) => command.includes('npm start'))) await followScreen(reader, printed);
      });
    }
  });

  test('no run of a followed page has failed, and no delivery to a receiver of a page was refused', async () => {
    expect(await reader.type('npx connectors runs --status failed')).toBe('No runs.\n');
    expect(await reader.type('cat "$READER/received"')).not.toContain('refused');
  });
  declareMore(() => reader);
}

function startsSystem(steps: readonly Step[]): boolean {
  return steps.some(({ commands }) => commands.some((command) => /npm start|^background /.test(command)));
}

/** What of a command is typed; `null` for what is left out. */
function typed(page: string, command: string): string | null {
  const exception = pageExceptions.find((one) => one.page === page && command.startsWith(one.command));
  if (exception === undefined) return command;
  return exception.instead === 'background' ? `background ${command}` : null;
}

/** A block that a reader types, and the output that the page shows after it; empty where it shows none. */
interface Step {
  readonly line: number;
  readonly commands: readonly string[];
  readonly output: string;
}

function stepsOf(page: string): readonly Step[] {
  const blocks = blocksIn(readPage(page));
  return blocks.flatMap((block, index) => {
    if (block.language !== 'bash') return [];
    const commands = commandsIn(block.text).flatMap((command) => typed(page, command) ?? []);
    return commands.length === 0
      ? []
      : [{ line: block.line, commands, output: outputAfter(block, blocks[index + 1]) }];
  });
}

/** Only the block right after the commands, without a language, shows their output. */
function outputAfter(block: PageBlock, next: PageBlock | undefined): string {
  const end = block.line + block.text.split('\n').length;
  return next !== undefined && next.language === '' && next.line <= end + 2 ? next.text : '';
}

/** Without what differs from run to run: ids, times, durations, and the widths of columns. */
function comparable(text: string): string[] {
  const plain = text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \([^)]*\)/g, 'TIME')
    .replace(/\b[\d.]+ (ms|s)\b/g, 'DURATION');
  return plain
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trim())
    .filter((line) => line !== '');
}

/** What a list shows may come a moment later: the last command is typed again until it does. */
async function untilShown(reader: Reader, printed: string, output: string, last: string): Promise<void> {
  const wanted = comparable(output);
  const isList = /^npx connectors (runs|deliveries)/.test(last);
  let seen = printed;
  while (isList && !wanted.every((line) => comparable(seen).includes(line)))
    seen = printed + (await reader.type(last));
  expect(comparable(seen)).toEqual(expect.arrayContaining(wanted));
}

/** The first command that the start screen prints gets an answer. */
async function followScreen(reader: Reader, screen: string): Promise<void> {
  const curl = /^ *(curl [\s\S]*?\}')/m.exec(screen)?.[1];
  if (curl !== undefined) expect(await reader.type(curl)).toContain('"status":"completed"');
}
