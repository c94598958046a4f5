import { describe, expect, test } from '@jest/globals';
import { sendJson, sendRaw } from '../scenarios/sender.ts';
import * as wire from '../scenarios/wire.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** A run of a webhook whose result a receiver refuses, once. */
async function refusedResult(name: string) {
  const { operator, receiver } = dashboard;
  const agents = ['order-lookup'];
  const inbound = await operator.createConnector({ mode: 'inbound', agents, name: `${name} in` });
  let count = 0;
  receiver.answer(() => ({ status: count++ === 0 ? 422 : 200, body: 'told why' }));
  const config = { url: receiver.url };
  const outbound = await operator.createConnector({ mode: 'outbound', agents, name: `${name} out`, config });
  const answer = await sendJson(inbound, { order_id: 'A-1001' }, { 'x-order': 'night shift' });
  const [runId = ''] = wire.inboundAnswer.parse(answer.json).run_ids;
  const delivery = await operator.deliveryOf(runId, ({ status }) => status === 'failed');
  return { inbound, outbound, runId, deliveryId: delivery.delivery_id };
}

describe('what came and went', () => {
  test('a delivery that failed shows what was sent and what came back, and is sent again there', async () => {
    const { outbound, deliveryId, runId } = await refusedResult('Sent');
    const page = await dashboard.openSignedIn(`/connectors/${outbound.id}`);
    await page.getByRole('link', { name: 'Failed ones' }).click();
    await page.waitForURL(`**/deliveries?connector=${outbound.id}&status=failed`);
    await page.getByRole('row', { name: 'failed' }).getByText('Sent out').waitFor();
    const listed = Promise.withResolvers<void>();
    const isList = ({ pathname }: URL) => pathname.endsWith('/api/v1/connectors');
    await page.route(isList, async (route) => {
      await listed.promise;
      await route.continue();
    });
    await page.goto('/deliveries');
    const row = page.getByRole('row', { name: 'failed' });
    await row.waitFor();
    expect(await row.textContent()).not.toContain('deleted');
    listed.resolve();
    await row.getByText('Sent out').waitFor();
    await page.getByRole('link', { name: 'Open', exact: true }).first().click();
    await page.waitForURL(`**/deliveries/${deliveryId}`);
    const attempt = page.getByRole('listitem').filter({ hasText: 'Attempt 1' });
    await attempt.getByText(`POST ${dashboard.receiver.url}`).waitFor();
    await attempt.getByText('[redacted]').first().waitFor();
    await attempt.getByText('HTTP 422').waitFor();
    await attempt.getByText('told why').waitFor();
    await page.getByRole('region', { name: 'Body sent' }).getByText(runId).waitFor();
    await page.getByRole('button', { name: 'Redeliver' }).click();
    await page.getByText('Attempt 2').waitFor();
    await page.getByText('delivered', { exact: true }).waitFor();
    await dashboard.operator.cleanUp();
  });

  test('a run leads to what came in; what was refused is listed with the reason', async () => {
    const { inbound, runId } = await refusedResult('Came');
    await sendRaw(inbound, { headers: { 'x-connic-secret': 'wrong' }, body: '{}' });
    const page = await dashboard.openSignedIn(`/runs/${runId}`);
    await page.getByRole('link', { name: 'its trigger' }).click();
    await page.getByText('night shift').waitFor();
    await page.reload();
    await page.getByText('night shift').waitFor();
    await page.getByText('[redacted]').first().waitFor();
    expect(await page.content()).not.toContain(inbound.secret);
    await page.goto(`/connectors/${inbound.id}`);
    await page.getByText('The secret in the request is not the secret of this connector.').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    const refused = page.getByRole('region', { name: /Refused requests/ });
    await refused.getByText('unauthorized').waitFor();
    await refused.getByRole('button').first().click();
    await refused.getByText('x-connic-secret').waitFor();
    await page.goto('/refused-requests');
    await page.getByRole('link', { name: 'Came in' }).first().waitFor();
    await sendRaw({ url: `${dashboard.baseUrl}/webhooks/${crypto.randomUUID()}` }, { body: '{}' });
    await page.goto('/triggers?outcome=refused');
    await page.getByText('no such connector').first().waitFor();
    await dashboard.operator.cleanUp();
    await page.goto('/triggers?outcome=accepted');
    await page.getByRole('cell', { name: 'a deleted connector' }).first().waitFor();
    await page.goto(`/runs/${runId}`);
    await page.getByText('from a deleted connector').waitFor();
  });

  test('Ctrl+K goes to the delivery, the run or the trigger of an id, and to pages by name', async () => {
    const { deliveryId, runId } = await refusedResult('Found');
    const { trigger_id: triggerId } = await dashboard.operator.run(runId);
    const page = await dashboard.openSignedIn('/agents');
    for (const [id, path] of [
      [deliveryId, `/deliveries/${deliveryId}`],
      [triggerId, `/triggers/${triggerId}`],
      [runId, `/runs/${runId}`],
      ['dead', '/dead-letters'],
    ] as const) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search' }).fill(id);
      await page.locator(`[role=option][id$="${path}"][aria-selected=true]`).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${path}`);
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.goto(`/runs?q=${deliveryId}`);
    await page
      .getByRole('link', { name: /order-lookup/ })
      .first()
      .waitFor();
    await dashboard.operator.cleanUp();
  });

  test('keys typed right after Ctrl+K reach the search, and Esc gives the focus back', async () => {
    const page = await dashboard.openSignedIn('/agents');
    const link = page.getByRole('link', { name: 'Connectors', exact: true });
    const search = page.getByRole('combobox', { name: 'Search' });
    await link.focus();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('dead letters');
    expect(await search.inputValue()).toBe('dead letters');
    await page.keyboard.press('Escape');
    await search.waitFor({ state: 'detached' });
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('budgets');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/budgets');
  });

  test('a run is run again with a changed payload, which survives a reload and Esc until it is sent', async () => {
    const { operator } = dashboard;
    const runId = await operator.startRun('order-lookup', { order_id: 'B-7' });
    await operator.ended(runId);
    const page = await dashboard.openSignedIn(`/runs/${runId}`);
    const open = page.getByRole('button', { name: 'Edit and run again' });
    await open.click();
    await page.getByLabel('Payload').fill('{"order_id": "A-1001"}');
    await page.keyboard.press('Escape');
    await page.reload();
    await open.click();
    expect(await page.getByLabel('Payload').inputValue()).toBe('{"order_id": "A-1001"}');
    await page.getByRole('button', { name: 'Start run' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(runId));
    const again = await operator.ended(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    expect(again).toMatchObject({ payload: { order_id: 'A-1001' }, parent_run_id: runId });
  });

  test('what is typed into a form survives a reload; a name that is taken is refused at its field', async () => {
    const { operator } = dashboard;
    await operator.createConnector({ mode: 'inbound', agents: ['order-lookup'], name: 'Taken' });
    const page = await dashboard.openSignedIn('/connectors/new?type=webhook&mode=inbound');
    await page.getByLabel('Name').fill('Taken');
    await page.reload();
    expect(await page.getByLabel('Name').inputValue()).toBe('Taken');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Name is the name of another connector.').first().waitFor();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.goto('/connectors/new?type=webhook&mode=inbound');
    expect(await page.getByLabel('Name').inputValue()).toBe('Webhook inbound');
    await operator.cleanUp();
  });

  test('a model call shows what was asked and answered, folded', async () => {
    const runId = await dashboard.operator.startRun('order-desk', { message: 'say On its way.' });
    await dashboard.operator.ended(runId);
    const page = await dashboard.openSignedIn(`/runs/${runId}`);
    await page
      .getByRole('button', { name: /^model/ })
      .first()
      .click();
    await page.getByText('Answered: 1 message').waitFor();
    await page.getByText('Asked: 1 message').click();
    await page.getByText('say On its way.').last().waitFor();
    await page.getByText('execute_tool').waitFor({ state: 'detached' });
  });
});
