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
  await page.getByText('Saved').waitFor();
  await page.locator('button:disabled', { hasText: 'Save changes' }).waitFor();
  expect(await secret.inputValue()).toBe('');

  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('renamed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { level: 1, name: 'renamed' }).waitFor();
  await page.locator('button:disabled', { hasText: 'Save changes' }).waitFor();
});
