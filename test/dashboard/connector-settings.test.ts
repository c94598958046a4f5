import { expect, test } from '@jest/globals';
import { openPath } from './open-path.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

test('a typed secret outlives what else happens to the connector, and is stored', async () => {
  const config = { auth: { type: 'github' }, signing_secret: 'first-secret' };
  const { id } = await dashboard.operator.createConnector({ mode: 'inbound', agents: [], config });
  const page = await dashboard.openSignedIn();
  await openPath(page, `/connectors/${id}?tab=settings`);
  const secret = page.getByLabel('Signing secret');
  await secret.fill('second-secret');
  await dashboard.operator.change(id, { enabled: false });
  await page.getByRole('switch', { name: 'Enabled', checked: false }).waitFor();
  expect(await secret.inputValue()).toBe('second-secret');

  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await page.getByRole('button', { name: 'Save changes' }).click();
  expect((await sent).postDataJSON()).toEqual({ config: { signing_secret: 'second-secret' } });
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.locator('button:disabled', { hasText: 'Save changes' }).waitFor();
  expect(await secret.inputValue()).toBe('');

  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('renamed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { level: 1, name: 'renamed' }).waitFor();
  await page.locator('button:disabled', { hasText: 'Save changes' }).waitFor();
});

test('a saved form says so, also if a live update shows the new values before the answer comes', async () => {
  const { id } = await dashboard.operator.createConnector({ mode: 'inbound', agents: [] });
  const page = await dashboard.openSignedIn();
  await openPath(page, `/connectors/${id}?tab=settings`);
  await page.route(`**/connectors/${id}`, async (route) => {
    const response = await route.fetch();
    if (route.request().method() === 'PATCH') {
      await page.getByRole('heading', { level: 1, name: 'Said first' }).waitFor();
    }
    await route.fulfill({ response });
  });
  await page.getByText('Its URL and its secret stop working immediately. Its runs are kept.').waitFor();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Said first');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
});

test('what it delivers is chosen as it is created, shown in the flow, and changed in the settings', async () => {
  const page = await dashboard.openSignedIn(
    '/connectors/new?type=webhook&mode=outbound&agent=text-statistics',
  );
  await page.getByRole('textbox', { name: 'URL' }).fill(dashboard.receiver.url);
  await page.getByText('Deliver runs that').waitFor();
  await page.getByRole('combobox', { name: 'Delivers' }).click();
  await page.getByRole('option', { name: 'What models send with a tool' }).click();
  await page.getByText('The models of the linked agents get a tool that sends a message.').waitFor();
  expect(await page.getByText('Deliver runs that').count()).toBe(0);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('has no model that could call a tool').first().waitFor();

  await openPath(page, '/connectors/new?type=webhook&mode=outbound&agent=order-desk');
  await page.getByLabel('Name').fill('Order mail');
  await page.getByRole('textbox', { name: 'URL' }).fill(dashboard.receiver.url);
  await page.getByRole('combobox', { name: 'Delivers' }).click();
  await page.getByRole('option', { name: 'What models send with a tool' }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('outbound by tool').waitFor();
  await openPath(page, '/agents/order-desk');
  await page.getByText('outbound by tool').waitFor();

  const script = 'call send_to_order_mail {"order": "A-1001", "wait": true}';
  const run = await dashboard.operator.ended(
    await dashboard.operator.startRun('order-desk', { message: script }),
  );
  expect(run).toMatchObject({ status: 'completed', error: null });
  await openPath(page, `/runs/${run.run_id}`);
  await page.getByText('sent by send_to_order_mail').waitFor();
  await page.getByRole('link', { name: 'Open' }).click();
  await page.getByText('by the agent, during its run').waitFor();
  await page.getByRole('link', { name: 'Order mail' }).click();
  await page.getByText('What models send with a tool').waitFor();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: 'Delivers' }).click();
  expect(await page.getByText('Deliver runs that').count()).toBe(0);
  await page.getByRole('option', { name: 'Results of its agents' }).click();
  await page.getByText('Deliver runs that').waitFor();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page.getByText('Results of its agents').waitFor();
});
