import AxeBuilder from '@axe-core/playwright';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContextOptions } from 'playwright-core';
import { violationsOf } from './examine-page.ts';
import { openPath } from './open-path.ts';
import { everyPage } from './pages.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();
let pages: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  pages = await everyPage(dashboard);
});

/** For a look at every page, on a busy machine. */
const everyPageMs = 600_000;

const looks: readonly (BrowserContextOptions & { readonly look: string })[] = [
  { look: 'light', colorScheme: 'light' },
  { look: 'dark', colorScheme: 'dark' },
  { look: 'narrow', colorScheme: 'light', viewport: { width: 360, height: 740 } },
];

describe('WCAG 2.2 AA, as far as a program can tell', () => {
  test.each(looks)(
    'every page is free of violations when $look',
    async ({ look: _, ...options }) => {
      const page = await dashboard.openSignedIn('/', options);
      expect(await violationsOf(page, pages)).toEqual([]);
    },
    everyPageMs,
  );

  test(
    'nothing reaches beyond the edge of a narrow screen',
    async () => {
      const page = await dashboard.openSignedIn('/', { viewport: { width: 320, height: 640 } });
      const tooWide: string[] = [];
      for (const [name, path] of Object.entries(pages)) {
        await openPath(page, path);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 320) tooWide.push(`${name}: ${width} px`);
      }
      expect(tooWide).toEqual([]);
    },
    everyPageMs,
  );

  test('the sign-in is free of violations, too', async () => {
    const page = await dashboard.openPage();
    await page.goto('/');
    await page.getByLabel('Token').waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
});
