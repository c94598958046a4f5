import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { openPath } from './open-path.ts';

const assets = join(import.meta.dirname, '../../dist/dashboard/assets');

/** Of the script that the first page needs, compressed. */
export const firstLoadBudgetBytes = 200_000;

/**
 * What is hard to use for some on the open page, as far as a program can tell.
 *
 * @param name of the page, for what is found
 * @param rules to look for; without, those of WCAG 2.2 AA and of good practice
 */
export async function violationsOn(page: Page, name: string, rules?: string[]): Promise<string[]> {
  // No frame is of another origin, and without a page of its own for each result it takes half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (rules === undefined) {
    axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  } else axe.withRules(rules);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${name}: ${id}: ${html}`));
}

/**
 * Has the API's answers come one after the other, as on a slow network, so that each changes the page by itself.
 *
 * @returns the cumulative layout shift of the page opened last, once all answers have come and are painted
 */
export async function watchShifts(page: Page): Promise<() => Promise<number>> {
  let asked = 0;
  const answers = new Set<Promise<void>>();
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      const sum = Number(document.documentElement.dataset['shift'] ?? 0);
      const shifts = list.getEntries().map((entry) => ('value' in entry ? Number(entry.value) : 0));
      document.documentElement.dataset['shift'] = String(shifts.reduce((all, shift) => all + shift, sum));
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.route('**/api/v1/**', async (route) => {
    const answer = sleep((1 + (asked++ % 4)) * 60).then(() => route.continue().catch(() => undefined));
    answers.add(answer);
    await answer;
    answers.delete(answer);
  });
  return async () => {
    while (answers.size > 0) await Promise.all(answers);
    return await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const tell = () => resolve(Number(document.documentElement.dataset['shift'] ?? 0));
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(tell)));
        }),
    );
  };
}

/** The bytes of compressed script that a path needs the first time, charts and graph aside. */
export async function scriptBytesOf(page: Page, path: string): Promise<number> {
  const scripts = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(new URL(request.url()).pathname);
  });
  await openPath(page, path);
  const names = [...scripts].map((script) => script.split('/').at(-1) ?? '');
  const needed = names.filter(
    (name) => !/^(charts|connector-flow)-/.test(name) && name !== 'color-scheme.js',
  );
  const sizes = await Promise.all(needed.map((name) => stat(join(assets, `${name}.br`))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
