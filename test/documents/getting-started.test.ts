import { expect, test } from '@jest/globals';
import { followPages } from './follow-pages.ts';

followPages(['docs/getting-started.md'], (reader) => {
  test('every delivery to the receiver of the page was verified', async () => {
    expect(await reader().type('cat "$READER/received"')).toMatch(/^verified /m);
  });
});
