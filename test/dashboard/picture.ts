import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const folder = join(import.meta.dirname, '../../docs/pictures');

/** Small enough that its text can be read in the width of a column. */
const window = { width: 1280, height: 800 };

/**
 * Takes the picture that docs/getting-started.md shows, where `UPDATE_PICTURES` asks for new ones, and not of a phone.
 *
 * @param shown what the picture has to show, and comes a moment later
 */
export async function takePicture(page: Page, name: string, shown?: Locator): Promise<void> {
  const viewport = page.viewportSize();
  if (process.env['UPDATE_PICTURES'] === undefined || viewport === null || viewport.width < window.width)
    return;
  await shown?.waitFor();
  await page.setViewportSize(window);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  await page.setViewportSize(viewport);
}
