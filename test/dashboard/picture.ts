import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = join(import.meta.dirname, '../../docs/pictures');

/** Small enough that its text can be read in the width of a column. */
const window = { width: 1280, height: 800 };

/** Takes the picture that docs/getting-started.md shows, where `UPDATE_PICTURES` asks for new ones, and not of a phone. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const shown = page.viewportSize();
  if (process.env['UPDATE_PICTURES'] === undefined || shown === null || shown.width < window.width) return;
  await page.setViewportSize(window);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  await page.setViewportSize(shown);
}
