import { describe, expect, test } from '@jest/globals';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

describe('the page never goes blank', () => {
  test('a page that is opened while the server is away loads by itself when it is back', async () => {
    const page = await dashboard.openSignedIn('/settings');
    await dashboard.process.stop('SIGKILL');
    await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
    await page.getByText('This page could not be loaded').waitFor();
    await page.getByText('This page loads as soon as it does.').waitFor();
    await dashboard.process.start();
    await page.getByText('No deliveries yet').waitFor();
  });

  test('a file of an older build that is gone makes the page load the new build', async () => {
    const page = await dashboard.openSignedIn('/settings');
    let asked = 0;
    await page.route('**/assets/connectors-page*', (route) =>
      asked++ === 0 ? route.fulfill({ status: 404, body: 'Not found.' }) : route.continue(),
    );
    await page.getByRole('link', { name: 'Connectors', exact: true }).click();
    await page.getByText('No connectors yet').waitFor();
    expect(asked).toBeGreaterThan(1);
  });

  test('a file that stays missing does not make it load again and again', async () => {
    const page = await dashboard.openSignedIn('/settings');
    await page.route('**/assets/runs-page*', (route) => route.fulfill({ status: 404, body: 'Not found.' }));
    await page.getByRole('link', { name: 'Logs', exact: true }).click();
    await page.getByText('a file of the dashboard is missing').waitFor();
    await page.unroute('**/assets/runs-page*');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByText('No runs yet').waitFor();
  });

  test('a fault in one page is told there, and the way to the others stays', async () => {
    const page = await dashboard.openSignedIn('/settings');
    page.removeAllListeners('pageerror');
    await page.route('**/api/v1/connectors?*', (route) =>
      route.fulfill({ json: { items: [{ id: 'c', name: 'Broken' }], next_cursor: null } }),
    );
    await page.getByRole('link', { name: 'Connectors', exact: true }).click();
    await page.getByText('This page ran into an error').waitFor();
    await page.unroute('**/api/v1/connectors?*');
    await page.getByRole('link', { name: 'Logs', exact: true }).click();
    await page.getByText('No runs yet').waitFor();
  });
});
