import { expect, test } from '@jest/globals';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

test('A budget is created, shows what is used, gets another limit, and is deleted', async () => {
  const page = await dashboard.openSignedIn('/budgets');
  await page.getByText('No budgets yet').waitFor();
  await page.getByRole('button', { name: 'Create budget' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Daily');
  await dialog.getByRole('textbox', { name: 'Limit' }).fill('20');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByText('$0 of $20.00').waitFor();
  await page.getByRole('button', { name: 'Change limit' }).click();
  await dialog.getByRole('textbox', { name: 'Limit' }).fill('50');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('$0 of $50.00').waitFor();
  expect(await page.getByText('Runs wait').isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No budgets yet').waitFor();
});

test('A budget is shown where its runs are: with its agent, with their connectors, and in the overview once it is used up', async () => {
  const { operator } = dashboard;
  const { id, name } = await operator.createConnector({
    mode: 'inbound',
    agents: ['order-desk'],
    name: 'Shop',
  });
  const draft = { name: 'Desk', measure: 'runs', period: 'day', limit: 2, warn_at: 50 };
  await operator.call('POST', '/budgets', { ...draft, scope: { type: 'agent', id: 'order-desk' } });
  const ofConnector = { name: 'Of the shop', measure: 'usd', period: 'month', limit: 50 };
  await operator.call('POST', '/budgets', { ...ofConnector, scope: { type: 'connector', id } });
  await operator.ended(await operator.startRun('order-desk', { message: 'say hello' }));

  const page = await dashboard.openSignedIn('/agents/order-desk');
  const budgets = page.getByRole('region', { name: 'Budgets' });
  await budgets.getByText('1 run of 2 runs, over 50%').waitFor();
  await budgets.getByText(`Connector ${name}, $50.00 a month`).waitFor();
  await page.goto('/');
  await page.getByRole('link', { name: 'Desk', exact: true }).waitFor();
  await page.getByText('1 run of 2 runs a day used.').waitFor();

  await operator.ended(await operator.startRun('order-desk', { message: 'say hello' }));
  const waiting = await operator.startRun('order-desk', { message: 'say hello' });
  await page.goto(`/connectors/${id}`);
  await budgets.getByText('2 runs of 2 runs, limit reached').waitFor();
  await budgets.getByRole('link', { name: '1 run', exact: true }).click();
  await page.getByRole('checkbox', { name: `Select run ${waiting}` }).waitFor();
  await page.goto('/agents/order-lookup');
  await page.getByRole('heading', { name: 'Latest runs' }).waitFor();
  expect(await budgets.count()).toBe(0);
});
