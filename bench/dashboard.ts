import type { Page } from 'playwright-core';
import * as z from 'zod';
import { startBrowser } from '../test/dashboard/browser.ts';
import type { Effort } from './effort.ts';
import { type Finding, median, readable } from './report.ts';
import { adminToken, connect, startBenchProduct } from './servers.ts';
import { storeEndedRuns } from './store-runs.ts';

const loadedRuns = 10_000;
const pageSize = 100;
/** From an interaction to the next paint. */
const budgetMs = 100;
const interactions = 20;

/** Interaction durations from the browser, in ms (Event Timing API). */
const durations = z.array(z.number());
const watchInteractions = `
  window.interactions = [];
  new PerformanceObserver((list) => {
      const answered = list.getEntries().filter(({ interactionId }) => interactionId > 0);
      window.interactions.push(...answered.map(({ duration }) => duration));
    })
    .observe({ type: 'event', durationThreshold: 16 });
`;

/** How quickly the run list responds with 10,000 rows loaded. Needs Chromium. */
export async function benchDashboard(_effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  const browser = await startBrowser();
  try {
    const { connectorId } = await connect(product, 'inbound', 'noop');
    await product.stop('SIGTERM');
    await storeEndedRuns(product.dataDir, connectorId, loadedRuns);
    await product.start();
    const page = await browser.newPage({ baseURL: product.url });
    await signIn(page);
    const seconds = await loadAllRows(page);
    await page.evaluate(watchInteractions);
    await interact(page);
    const measured = durations.parse(await page.evaluate('window.interactions'));
    const worst = Math.max(0, ...measured);
    return [
      { what: 'rows loaded by scrolling', measured: `${readable(loadedRuns)} in ${readable(seconds)} s` },
      {
        what: `interaction to next paint, worst of ${interactions * 3}`,
        measured: `${readable(worst)} ms; median of those above 16 ms: ${readable(median(measured))} ms`,
        budget: { text: `below ${budgetMs} ms`, kept: worst < budgetMs },
      },
    ];
  } finally {
    await browser.close();
    await product.remove();
  }
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/runs');
  await page.getByLabel('Token').fill(adminToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('table', { name: 'Runs' }).waitFor();
}

/** Scrolls down until all rows are loaded; the table then knows their number. */
async function loadAllRows(page: Page): Promise<number> {
  const begin = performance.now();
  const table = page.getByRole('table', { name: 'Runs' });
  for (let pages = 0; pages < (loadedRuns / pageSize) * 3; pages++) {
    if ((await table.getAttribute('aria-rowcount')) !== '-1') break;
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    await page.waitForTimeout(50);
  }
  await page.evaluate('window.scrollTo(0, 0)');
  return (performance.now() - begin) / 1_000;
}

/** Selects rows, selects all, and types, like an operator. */
async function interact(page: Page): Promise<void> {
  const rows = page.getByRole('checkbox', { name: /^Select run/ });
  const all = page.getByRole('checkbox', { name: 'Select all loaded runs' });
  await all.waitFor();
  for (let round = 0; round < interactions; round++) {
    await rows.nth(round % 5).click();
    await all.click();
    await page.keyboard.press('PageDown');
  }
}
