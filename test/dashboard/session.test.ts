import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { adminToken } from './embedded-system.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

async function signInLink(): Promise<string> {
  const { json } = await dashboard.operator.call('POST', '/sign-in-links');
  return z.object({ path: z.string() }).parse(json).path;
}

describe('a sign-in link', () => {
  test('opens the page signed in, leaves nothing in the address, and works once', async () => {
    const link = await signInLink();
    const page = await dashboard.openPage();
    await page.goto(link);
    await page.locator('main#main').waitFor();
    expect(page.url()).toBe(`${dashboard.url}/`);
    const other = await dashboard.openPage();
    await other.goto(link);
    await other.getByText('This sign-in link has expired or was already used.').waitFor();
    await other.getByLabel('Token').waitFor();
  });

  test('signs in a tab whose session has ended', async () => {
    const page = await dashboard.openSignedIn('/agents');
    await page.context().clearCookies();
    await page.goto('about:blank');
    await page.goto(await signInLink());
    await page.getByText('Live', { exact: true }).waitFor();
  });
});

describe('a session', () => {
  test('is there in a new tab, and ends in all tabs', async () => {
    const page = await dashboard.openSignedIn('/agents');
    const tab = await page.context().newPage();
    await tab.goto('/runs');
    await tab.locator('main#main').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.reload();
    await page.getByLabel('Token').waitFor();
    await tab.reload();
    await tab.getByText('Your session has ended. Sign in again.').waitFor();
  });

  test('keeps its token where no script of the page can read it', async () => {
    const page = await dashboard.openSignedIn('/');
    const kept = await page.evaluate(() =>
      [document.cookie, JSON.stringify(sessionStorage), JSON.stringify(localStorage)].join(),
    );
    expect(kept).not.toContain(adminToken);
    expect(kept).not.toContain('connectors-session');
  });
});
