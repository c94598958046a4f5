import { describe, expect, test } from '@jest/globals';
import { lintPage } from './lint-page.ts';
import { lintSource } from './lint-source.ts';
import { proseFiles } from './prose-files.ts';

/** Sentences that the product once had, each with what it says instead. */
const rewritten = [
  ['A killed process goes on where it was.', 'After a crash, processing resumes where it stopped.'],
  ['Options go before the environment variables.', 'Options override environment variables.'],
  ['Reckon the monthly bill.', 'Estimate the monthly AWS cost.'],
  ['This is what stands idle.', 'This is the idle cost.'],
  ['What lets programs in.', 'Credentials for programs.'],
  ['The dearest first.', 'Most expensive first.'],
  ['Read the lists anew.', 'Refetch the lists after reconnecting.'],
  ['This is needed.', 'Required.'],
  ['The previous secret is valid until in 1 d.', 'The previous secret works for 1 more day.'],
  ['There is no such delivery.', 'No deliveries yet.'],
  ['It has delivered nothing since 16 min ago.', 'All deliveries have failed for 16 min.'],
  ['What no step could take.', 'Events that failed after all retries.'],
  ['Nothing of the kind.', 'No missed or skipped runs.'],
  ['It comes from somebody who may send it.', 'How callers authenticate.'],
  ['What tells a repeat of the same event.', 'Deduplication.'],
  ['There is nobody to ask: add --yes.', 'Not a terminal; pass --yes to confirm.'],
  ['Once more ends at once.', 'Press Ctrl+C again to quit now.'],
  ['Take a filter away, or a longer time.', 'Remove a filter or widen the time range.'],
  ['It took half up to 328 ms, 95 % up to 559 ms.', 'p50 328 ms, p95 559 ms.'],
  ['These are all.', 'End of list.'],
  ['A command for callers that are not you.', 'A command for your callers.'],
  ['The body is no JSON.', 'The body is not JSON.'],
  ['The table is busy; please try again.', 'The table is busy. Try again later.'],
] as const;

const messagesOf = (problems: readonly { readonly message: string }[]) =>
  problems.map(({ message }) => message);

describe('the prose linter', () => {
  test.each(rewritten)('refuses "%s" in a page and takes "%s"', async (old, plain) => {
    expect(await lintPage('a.md', `# A\n\n${old}\n`)).not.toEqual([]);
    expect(await lintPage('a.md', `# A\n\n${plain}\n`)).toEqual([]);
  });

  test.each(rewritten.map(([old]) => old))(
    'refuses "%s" in a comment, a text, a template, and the dashboard',
    (old) => {
      const phrase = old.replaceAll("'", '’');
      expect(lintSource('a.ts', `/** ${phrase} */\nexport const a = 1;`)).not.toEqual([]);
      expect(lintSource('a.ts', `export const a = '${phrase}';`)).not.toEqual([]);
      expect(lintSource('a.ts', `export const a = (b: number) => \`\${b} ${phrase}\`;`)).not.toEqual([]);
      expect(lintSource('a.tsx', `export const a = <p>${phrase}</p>;`)).not.toEqual([]);
    },
  );

  test('names the file, the line and what to write instead', async () => {
    const message = 'Do not write "anew". Use: again, or a verb such as reload, recreate, refetch.';
    expect(lintSource('a.ts', '// One.\n\n/** Read\n * anew. */\nexport {};')).toEqual([
      { file: 'a.ts', line: 4, message },
    ]);
    expect(messagesOf(await lintPage('a.md', 'Read it anew.'))).toEqual([expect.stringContaining(message)]);
  });

  test('leaves code alone', async () => {
    expect(lintSource('a.ts', 'export const anew = reckon(100 % five);')).toEqual([]);
    expect(await lintPage('a.md', 'Call `anew`:\n\n```\nreckon anew\n```\n')).toEqual([]);
  });

  test('refuses a sentence that is too long, and a name that its owner writes in another way', async () => {
    const long = `It ${'says one thing and then another and '.repeat(10)}ends.`;
    expect(messagesOf(await lintPage('a.md', long))).toEqual([expect.stringContaining('sentence length')]);
    expect(messagesOf(await lintPage('a.md', 'Signed by Github.'))).toEqual([
      expect.stringContaining('GitHub'),
    ]);
  });

  test('looks at pages, the command line, the dashboard and the tests', async () => {
    const files = await proseFiles();
    expect(files).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/cli.md',
        'src/cli/command-line.ts',
        'dashboard/app.tsx',
        'test/boundaries.test.ts',
      ]),
    );
  });
});
