import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { violationsOn } from './examine-page.ts';
import { openPath } from './open-path.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

const keysOf = (page: Page) => page.getByRole('region', { name: 'API keys' });
const statusWith = async (key: string) =>
  (await fetch(`${dashboard.url}/api/v1/runs`, { headers: { authorization: `Bearer ${key}` } })).status;

describe('API keys in the settings', () => {
  test('are made by mouse, shown once, copied, used, and revoked after a question', async () => {
    const page = await dashboard.openSignedIn('/settings');
    await keysOf(page).getByText('No API keys yet').waitFor();
    await page.getByRole('button', { name: 'Create API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('grafana');
    await dialog.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: /^Viewer/ }).click();
    await dialog.getByRole('combobox', { name: 'Expires' }).click();
    await page.getByRole('option', { name: 'In 90 days' }).click();
    expect(await violationsOn(page, 'API keys')).toEqual([]);
    await dialog.getByRole('button', { name: 'Create' }).click();

    await dialog.getByText('it cannot be shown again').waitFor();
    expect(await violationsOn(page, 'API keys')).toEqual([]);
    const copied = dialog.getByRole('button', { name: 'Copied' }).waitFor();
    await Promise.all([copied, dialog.getByRole('button', { name: 'Copy the Key' }).click()]);
    const key = await page.evaluate(() => navigator.clipboard.readText());
    expect(key).toMatch(/^ackey_[\w-]{43}$/);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(key);
    expect(await statusWith(key)).toBe(200);

    const row = keysOf(page).getByRole('row', { name: /^grafana viewer active, expires in 8\d d/ });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog', { name: 'Revoke the API key “grafana”?' }).waitFor();
    expect(await violationsOn(page, 'API keys')).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await statusWith(key)).toBe(200);
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await keysOf(page).getByText('revoked just now').waitFor();
    expect(await statusWith(key)).toBe(401);
    const log = page.getByRole('region', { name: 'Audit log' });
    await log.getByText('api-key.revoked').waitFor();
  });

  test('are made by keyboard, and a name that cannot be is said to be', async () => {
    const page = await dashboard.openSignedIn('/settings');
    await page.getByRole('button', { name: 'Create API key' }).press('Enter');
    await page.getByRole('dialog').getByLabel('Name').waitFor();
    await page.keyboard.type('admin-token');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('is reserved').waitFor();
    await page.getByRole('dialog').getByLabel('Name').fill('ci');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('ackey_').waitFor();
    await page.keyboard.press('Escape');
    await keysOf(page)
      .getByRole('row', { name: /^ci operator active never/ })
      .waitFor();
  });

  test('that cannot be read are said to be, with another try', async () => {
    const page = await dashboard.openSignedIn('/');
    await page.route('**/api/v1/api-keys*', (route) =>
      route.fulfill({ status: 503, json: { detail: 'The store is away.', code: 'unavailable' } }),
    );
    await openPath(page, '/settings');
    await keysOf(page).getByText('The store is away.').waitFor();
    await page.unroute('**/api/v1/api-keys*');
    await keysOf(page).getByRole('button', { name: 'Try again' }).click();
    await keysOf(page).getByText('grafana').waitFor();
  });
});

describe('the overview', () => {
  test('counts runs by agent and by model, and what waits', async () => {
    const { operator } = dashboard;
    const done = await operator.startRun('order-desk', { message: 'hello' });
    await operator.ended(done);
    const page = await dashboard.openSignedIn('/');
    await page
      .getByRole('region', { name: 'By agent' })
      .getByRole('row', { name: /^order-desk 1 100%/ })
      .waitFor();
    await page
      .getByRole('region', { name: 'By model' })
      .getByRole('row', { name: /^demo\/scripted 1/ })
      .waitFor();
    await page.getByLabel('Totals').getByText('Queued').waitFor();
  });
});
