import { describe, expect, test } from '@jest/globals';
import { firstLoadBudgetBytes, scriptBytesOf, violationsOn } from '../examine-page.ts';
import { openPath } from '../open-path.ts';
import { everyPage } from '../pages.ts';
import { useDashboard } from '../use-dashboard.ts';

const dashboard = useDashboard();

/** For a look at every page, on a busy machine. */
const everyPageMs = 600_000;

describe('the pages of a deployment', () => {
  test(
    'are free of violations of WCAG 2.2 AA, as far as a program can tell',
    async () => {
      const pages = await everyPage(dashboard);
      const page = await dashboard.openSignedIn('/');
      const violations: string[] = [];
      for (const [name, path] of Object.entries(pages)) {
        await openPath(page, path);
        violations.push(...(await violationsOn(page, name)));
      }
      expect(violations).toEqual([]);
    },
    everyPageMs,
  );

  test('need at most 200 kB of compressed script to show the first one', async () => {
    const page = await dashboard.openSignedIn('/settings');
    expect(await scriptBytesOf(page, '/')).toBeLessThan(firstLoadBudgetBytes);
  });
});
