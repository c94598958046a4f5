import type { Locator, Page, ViewportSize } from 'playwright-core';

/** A window, and the colors that its system asks for. */
export interface Look {
  readonly look: string;
  readonly viewport: ViewportSize;
  readonly colorScheme: 'light' | 'dark';
}

const wide = { width: 1440, height: 900 };
/** A phone: a button opens the navigation. */
const narrow = { width: 390, height: 844 };

export const wideLight: Look = { look: '1440 pixels, light', viewport: wide, colorScheme: 'light' };
export const wideDark: Look = { look: '1440 pixels, dark', viewport: wide, colorScheme: 'dark' };
export const narrowLight: Look = { look: '390 pixels, light', viewport: narrow, colorScheme: 'light' };
export const narrowDark: Look = { look: '390 pixels, dark', viewport: narrow, colorScheme: 'dark' };

/**
 * Goes to one of the places of the navigation.
 *
 * @param choose clicks, or does the same by keyboard
 */
export async function goTo(
  page: Page,
  place: string,
  { viewport }: Look,
  choose: (target: Locator) => Promise<void>,
): Promise<void> {
  if (viewport === narrow) await choose(page.getByRole('button', { name: 'Open navigation' }));
  await choose(
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place, exact: true }),
  );
}
