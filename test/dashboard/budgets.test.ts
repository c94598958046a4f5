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
