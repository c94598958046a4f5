import { describe, expect, test } from '@jest/globals';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

describe('a page says what is going on', () => {
  test.each([
    ['/', 'No runs in this period'],
    ['/connectors', 'No connectors yet'],
    ['/runs', 'No runs yet'],
    ['/deliveries', 'No deliveries yet'],
    ['/dead-letters', 'No dead letters'],
    ['/runs?agent=order-desk', 'No matching runs'],
    ['/nowhere-to-be-found/../settings/x', 'Page not found'],
  ])('%s is empty: "%s"', async (path, text) => {
    const page = await dashboard.openSignedIn(path);
    await page.getByText(text).waitFor();
  });

  test('while an answer is on its way, its place is held', async () => {
    const page = await dashboard.openSignedIn('/settings');
    const answered = Promise.withResolvers<void>();
    await page.route('**/api/v1/connectors?*', async (route) => {
      await answered.promise;
      await route.continue();
    });
    await page.goto('/connectors');
    await page.getByRole('status', { name: 'Loading' }).waitFor();
    answered.resolve();
    await page.getByText('No connectors yet').waitFor();
  });

  test('an error says what happened, and another try helps', async () => {
    const page = await dashboard.openSignedIn('/settings');
    await page.route('**/api/v1/dead-letters*', (route) =>
      route.fulfill({ status: 403, json: { detail: 'Not for you today.', code: 'forbidden' } }),
    );
    await page.goto('/dead-letters');
    await page.getByText('Not for you today.').waitFor();
    await page.unroute('**/api/v1/dead-letters*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No dead letters').waitFor();
  });

  test('what does not exist is said to be missing', async () => {
    const page = await dashboard.openSignedIn('/agents/nobody');
    await page.getByText('There is no agent named "nobody".').waitFor();
  });

  test('while the server is away it says so, and goes on by itself when it is back', async () => {
    const page = await dashboard.openSignedIn('/agents');
    await page.getByText('Live', { exact: true }).waitFor();
    await dashboard.process.stop('SIGKILL');
    await page.getByText('The server is not responding.').waitFor();
    await dashboard.process.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('The server is not responding.').waitFor({ state: 'detached' });
  });

  test('a session that is accepted no more leads to the sign-in', async () => {
    const page = await dashboard.openSignedIn('/agents');
    await page.context().clearCookies();
    await page.reload();
    await page.getByText('Your session has ended. Sign in again.').waitFor();
    await page.getByLabel('Token').waitFor();
  });

  test('runs appear and change by themselves', async () => {
    const page = await dashboard.openSignedIn('/runs');
    await page.getByText('Live', { exact: true }).waitFor();
    const id = await dashboard.operator.startRun('order-desk', { message: 'wait 1s' });
    await page.getByRole('link', { name: 'order-desk' }).waitFor();
    await page.getByRole('table', { name: 'Runs' }).getByText('completed').waitFor();
    await page.getByRole('checkbox', { name: `Select run ${id}` }).click();
    const said = page.getByText('1 started again').waitFor();
    await Promise.all([said, page.getByRole('button', { name: 'Run 1 run again' }).click()]);
    await page.getByRole('table', { name: 'Runs' }).getByRole('link').nth(1).waitFor();
  });

  test('many runs are cancelled at once', async () => {
    const page = await dashboard.openSignedIn('/runs?status=running,queued');
    const started = ['one', 'two'].map(() =>
      dashboard.operator.startRun('order-desk', { message: 'wait 60s' }),
    );
    const ids = await Promise.all(started);
    for (const id of ids) await page.getByRole('checkbox', { name: `Select run ${id}` }).click();
    const said = page.getByText('2 cancelled').waitFor();
    await Promise.all([said, page.getByRole('button', { name: 'Cancel 2' }).click()]);
    await Promise.all(ids.map((id) => dashboard.operator.runIn('cancelled', id)));
  });

  test('where no events come through, it asks again and again', async () => {
    const page = await dashboard.openPage();
    await page.route('**/api/v1/events', (route) => route.fulfill({ status: 504, body: 'too slow' }));
    await dashboard.signIn(page, '/runs');
    await page.getByText('Every 5 s').waitFor();
    const id = await dashboard.operator.startRun('order-desk', { message: 'say hello' });
    await page.getByRole('checkbox', { name: `Select run ${id}` }).waitFor();
  });

  test('a system in which little has happened says what to do first, and ticks what is done meanwhile', async () => {
    const page = await dashboard.openSignedIn('/');
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.getByRole('img', { name: 'To do' }).nth(1).waitFor();
    const { url, secret } = await dashboard.operator.createConnector({
      mode: 'inbound',
      agents: ['order-lookup'],
    });
    const headers = { 'x-connic-secret': secret, 'content-type': 'application/json' };
    await fetch(url ?? '', { method: 'POST', headers, body: '{"order_id": "A-1001"}' });
    await steps.getByRole('img', { name: 'Done' }).nth(1).waitFor();
    expect(await steps.getByRole('img', { name: 'To do' }).count()).toBe(1);
    await steps.getByRole('link', { name: 'Create outbound connector' }).waitFor();
    await steps.getByRole('button', { name: 'Hide' }).click();
    await steps.waitFor({ state: 'detached' });
  });
});
