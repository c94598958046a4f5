import type { Page } from 'playwright-core';

/** Goes to a path and waits until everything that the page shows has come. */
export async function openPath(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
}
