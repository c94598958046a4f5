import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { openPath } from './open-path.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();
const listed = z.object({
  items: z.array(
    z.looseObject({
      name: z.string(),
      secret_fields: z.array(z.string()),
      used_by: z.array(z.looseObject({ name: z.string() })),
    }),
  ),
});

async function connections() {
  return listed.parse((await dashboard.operator.call('GET', '/connections')).json).items;
}

test('a connection is made, chosen in the form of a connector, changed for it, and deleted after it', async () => {
  const page = await dashboard.openSignedIn();
  await openPath(page, '/connections');
  await page.getByRole('link', { name: 'Create the first connection' }).click();
  await page.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: 'Slack app' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('our app');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Enter the bot token, the signing secret, or both.').first().waitFor();
  await page.getByLabel('Signing secret').fill('a-signing-secret');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'our app' }).waitFor();
  await page.getByText('no connector', { exact: true }).waitFor();
  expect(await page.getByLabel('Signing secret').inputValue()).toBe('');

  await openPath(page, '/connectors/new?type=slack&mode=inbound');
  await page.getByLabel('Signing secret').waitFor();
  await page.getByRole('combobox', { name: 'Connection' }).click();
  await page.getByRole('option', { name: 'our app' }).click();
  await page.getByLabel('Signing secret').waitFor({ state: 'detached' });
  await page.getByLabel('Bot token').waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('mentions');
  const sent = page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/connectors'));
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  expect((await sent).postDataJSON()).toMatchObject({ connection: 'our app', config: {} });
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'our app' }).click();
  await page.getByRole('link', { name: 'mentions' }).waitFor();

  await page.getByLabel('Signing secret').fill('another-signing-secret');
  const changed = page.waitForRequest((one) => one.method() === 'PATCH');
  await page.getByRole('button', { name: 'Save for 1 connector' }).click();
  expect((await changed).postDataJSON()).toEqual({ config: { signing_secret: 'another-signing-secret' } });
  await page.getByText('Saved', { exact: true }).waitFor();

  const remove = async () => {
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  };
  await remove();
  await page.getByText('The connection "our app" is used by "mentions".').waitFor();
  const [first] = z
    .object({ items: z.array(z.looseObject({ id: z.string(), name: z.string() })) })
    .parse((await dashboard.operator.call('GET', '/connectors')).json)
    .items.filter(({ name }) => name === 'mentions');
  await dashboard.operator.delete(first?.id ?? '');
  await remove();
  await page.getByRole('heading', { level: 1, name: 'Connections' }).waitFor();
  await page.getByText('No connections yet').waitFor();
});

test('typed credentials become a connection, and a connector leaves it again', async () => {
  const page = await dashboard.openSignedIn();
  await openPath(page, '/connectors/new?type=slack&mode=outbound');
  await page.getByRole('textbox', { name: 'Name' }).fill('answers');
  await page.getByLabel('Bot token').fill('xoxb-1-2-typed');
  await page.getByRole('button', { name: 'Save as a connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('typed app');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByLabel('Bot token').waitFor({ state: 'detached' });
  expect(await page.getByRole('combobox', { name: 'Connection' }).inputValue()).toBe('typed app');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('link', { name: 'typed app' }).waitFor();
  expect(await connections()).toMatchObject([
    { name: 'typed app', secret_fields: ['bot_token'], used_by: [{ name: 'answers' }] },
  ]);

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: 'Connection' }).click();
  await page.getByRole('option', { name: 'None' }).click();
  await page.getByLabel('Bot token').fill('xoxb-1-2-own');
  const changed = page.waitForRequest((one) => one.method() === 'PATCH');
  await page.getByRole('button', { name: 'Save changes' }).click();
  expect((await changed).postDataJSON()).toEqual({
    connection: null,
    config: { bot_token: 'xoxb-1-2-own' },
  });
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await connections()).toMatchObject([{ name: 'typed app', used_by: [] }]);
});
