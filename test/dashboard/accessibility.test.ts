import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ViewportSize } from 'playwright-core';
import { violationsOn, watchShifts } from './examine-page.ts';
import { openPath } from './open-path.ts';
import { everyPage } from './pages.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** For a look at every page, on a busy machine. */
const everyPageMs = 900_000;

const small = { width: 390, height: 844 };
const wide = { width: 1280, height: 800 };

interface Look {
  readonly look: string;
  readonly colorScheme: 'light' | 'dark';
  readonly viewport: ViewportSize;
  readonly rules?: string[];
}

/** Each page is opened once, and looked at in all these ways. */
const looks: readonly Look[] = [
  { look: 'light', colorScheme: 'light', viewport: wide },
  // Other colors, and nothing else.
  { look: 'dark', colorScheme: 'dark', viewport: wide, rules: ['color-contrast', 'link-in-text-block'] },
  { look: 'narrow', colorScheme: 'light', viewport: { width: 360, height: 740 } },
];

/** The limit of "good" in Core Web Vitals (web.dev/articles/cls): beyond it, people click on what has just moved. */
const mostShift = 0.1;

const narrowest = { width: 320, height: 640 };

describe('WCAG 2.2 AA, as far as a program can tell', () => {
  const violations: string[] = [];
  const tooWide: string[] = [];
  const moving: string[] = [];

  beforeAll(async () => {
    const pages = await everyPage(dashboard);
    const page = await dashboard.openSignedIn('/');
    const shiftOf = await watchShifts(page);
    for (const [name, path] of Object.entries(pages)) {
      await page.setViewportSize(small);
      await openPath(page, path);
      const shift = await shiftOf();
      if (shift > mostShift) moving.push(`${name}: ${shift.toFixed(2)}`);
      for (const { look, colorScheme, viewport, rules } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        violations.push(...(await violationsOn(page, `${name}, ${look}`, rules)));
      }
      await page.setViewportSize(narrowest);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > narrowest.width) tooWide.push(`${name}: ${width} px`);
    }
  }, everyPageMs);

  test('every page is free of violations, light, dark, and narrow', () => expect(violations).toEqual([]));

  test('nothing moves away from under the pointer while a page loads', () => expect(moving).toEqual([]));

  test('nothing reaches beyond the edge of a narrow screen', () => expect(tooWide).toEqual([]));

  test('the sign-in is free of violations, too', async () => {
    const page = await dashboard.openPage();
    await page.goto('/');
    await page.getByLabel('Token').waitFor();
    expect(await violationsOn(page, 'sign-in')).toEqual([]);
  });
});
