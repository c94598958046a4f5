import { expect, test } from '@jest/globals';
import { followPages } from './follow-pages.ts';
import { blocksIn, commandsIn, readPage } from './page-blocks.ts';
import { pageExceptions } from './page-exceptions.ts';

followPages(['README.md'], (reader) => {
  test('every delivery to the receiver of the page was verified', async () => {
    expect(await reader().type('cat "$READER/received"')).toMatch(/^verified /m);
  });
});

test.each(pageExceptions)(
  'the exception for "$command" is one of a command of $page',
  ({ page, command }) => {
    const commands = blocksIn(readPage(page)).flatMap(({ text }) => commandsIn(text));
    expect(commands.filter((one) => one.startsWith(command)).length).toBeGreaterThan(0);
  },
);
