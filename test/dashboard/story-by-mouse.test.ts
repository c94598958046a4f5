import { afterEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { goTo, type Look, narrowDark, wideLight } from './looks.ts';
import { takePicture } from './picture.ts';
import { emptySystem, enter } from './shown-system.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** Somebody who has never read the docs; one page, from an empty start to a delivered result. */
describe.each([wideLight, narrowDark])('by mouse at $look', (look) => {
  afterEach(() => emptySystem(dashboard.operator));

  test('an operator connects an agent, sends a first request, watches the run, and finds out why another failed', async () => {
    const { viewport, colorScheme } = look;
    const page = await dashboard.openPage({ viewport, colorScheme });
    await signIn(page, look);
    await addOutbound(page);
    await addInbound(page);
    await sendFirstRequest(page);
    await findOutWhyAnotherFailed(page, look);
  });
});

function goByMouse(page: Page, place: string, look: Look): Promise<void> {
  return goTo(page, place, look, (target) => target.click());
}

async function signIn(page: Page, look: Look): Promise<void> {
  await page.goto('/');
  const { fields, refusal } = dashboard.credentials;
  await enter(page, { fields: fields.with(-1, [fields.at(-1)?.[0] ?? '', 'not the right one']), refusal });
  await page.getByText(refusal).waitFor();
  await enter(page, dashboard.credentials);
  await goByMouse(page, 'Agents', look);
  await page.getByRole('link', { name: 'order-lookup' }).waitFor();
  await takePicture(page, 'agents');
  await page.getByRole('link', { name: 'order-lookup' }).click();
  await page.getByText('Nothing triggers this agent yet').waitFor();
}

async function addOutbound(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add outbound connector' }).click();
  await page.getByRole('link', { name: 'Create new connector' }).click();
  await page.getByRole('link', { name: /^Webhook/ }).click();
  await page.getByLabel('Name').fill('Results');
  await page.getByLabel('URL').fill('not a url');
  await page.getByText('Enter a full URL, such as').waitFor();
  await page.getByLabel('URL').fill(dashboard.receiver.url);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const details = page.getByRole('dialog', { name: 'Connector' });
  await details.getByText('Verify the header').waitFor();
  await details.getByRole('tab', { name: 'Test' }).click();
  await details.getByRole('button', { name: 'Send a test result' }).click();
  await details.getByText('The target accepted it').waitFor();
  expect(dashboard.receiver.requests.at(-1)?.headers['webhook-signature']).toMatch(/^v1,/);
  await details.getByRole('button', { name: 'Close' }).click();
}

async function addInbound(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add inbound connector' }).click();
  await page.getByRole('link', { name: 'Create new connector' }).click();
  await page.getByRole('link', { name: /^Webhook/ }).click();
  await page.getByRole('link', { name: /^Inbound/ }).click();
  await page.getByLabel('Name').fill('Shop');
  const steps = page.getByRole('region', { name: 'Set up the other side' });
  await steps.getByText('<url>', { exact: true }).first().waitFor();
  await takePicture(page, 'create');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const details = page.getByRole('dialog', { name: 'Connector' });
  await details.getByText(`${dashboard.baseUrl}/webhooks/`).first().waitFor();
  await steps.getByText(/\/webhooks\/[^<]+\?secret=(?!<)\S+$/).waitFor();
  await steps.getByRole('button', { name: 'Copy this value' }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^http\S+\/webhooks\/[^/?]+$/);
  await takePicture(page, 'details');
  // The secret stays shown on every tab.
  await details.getByRole('tab', { name: 'Test' }).click();
  const copied = details.getByRole('button', { name: 'Copied' }).waitFor();
  await Promise.all([copied, details.getByRole('button', { name: 'Copy the command' }).click()]);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^curl http.*\/webhooks\/.*X-Connic-Secret: (?!\$SECRET)\S+"/s,
  );
  await details.getByRole('tab', { name: 'Credentials' }).click();
  await details.getByRole('button', { name: 'Hide secret' }).click();
  await steps.getByText(/\/webhooks\/[^<]+\?secret=<secret>$/).waitFor();
  await details.getByRole('tab', { name: 'Test' }).click();
}

async function sendFirstRequest(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send a test request' }).click();
  await page.getByRole('textbox', { name: 'Body', exact: true }).fill('{"order_id": "A-1001"}');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('HTTP 200').waitFor();
  await page.getByRole('link', { name: 'Open the run' }).click();
  await page.getByRole('main').getByText('completed').first().waitFor();
  await page.getByText('delivered', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^tool/ }).click();
  await page.getByText('gen_ai.tool.name').waitFor();
  await takePicture(page, 'run');
  const envelope = JSON.parse(dashboard.receiver.requests.at(-1)?.body.toString() ?? '');
  expect(envelope).toMatchObject({ agent_name: 'order-lookup', status: 'completed' });
}

async function findOutWhyAnotherFailed(page: Page, look: Look): Promise<void> {
  await goByMouse(page, 'Agents', look);
  await page.getByRole('link', { name: 'order-lookup' }).click();
  const shop = page.getByRole('button', { name: 'Show Shop' });
  await shop.waitFor();
  await takePicture(page, 'flow', shop.getByText('ok', { exact: true }));
  await page.getByRole('button', { name: 'Run by hand' }).click();
  // Runs stay when another story begins.
  const order = `B-${look.viewport.width}`;
  await page.getByLabel('Payload').fill(JSON.stringify({ order_id: order }));
  await page.getByRole('button', { name: 'Start run' }).click();
  await page.getByRole('alert').getByText(`There is no order "${order}".`).waitFor();
  await goByMouse(page, 'Logs', look);
  await page.getByRole('table', { name: 'Runs' }).getByText(`There is no order "${order}".`).waitFor();
  await takePicture(page, 'logs');
}
