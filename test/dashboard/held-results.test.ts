import { describe, expect, test } from '@jest/globals';
import { eventually } from '../scenarios/eventually.ts';
import * as wire from '../scenarios/wire.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** A disabled outbound connector for which the results of two runs are held. */
async function withHeld(place: string) {
  const { operator, receiver } = dashboard;
  const config = { url: `${receiver.url}/${place}` };
  const { id } = await operator.createConnector({ mode: 'outbound', agents: ['order-desk'], config });
  await operator.change(id, { enabled: false });
  for (const message of ['say one', 'say two']) {
    const runId = await operator.startRun('order-desk', { message });
    await eventually('the held delivery', async () =>
      (await operator.run(runId)).deliveries.some(
        ({ connector_id, status }) => connector_id === id && status === 'held',
      ),
    );
  }
  return id;
}

/** What the receiver has got at that place. */
function receivedAt(place: string) {
  return dashboard.receiver.requests.filter(({ path }) => path.endsWith(place));
}

describe('results that are held for a disabled connector', () => {
  test('are counted on its page, stay when it is enabled, and are sent by a button', async () => {
    const id = await withHeld('sent');
    const page = await dashboard.openSignedIn(`/connectors/${id}`);
    await page.getByText('2 results held').waitFor();
    await page.getByRole('button', { name: 'Enable and send all' }).waitFor();
    await page.getByRole('switch', { name: 'Enabled' }).click({ force: true });
    await page.getByRole('button', { name: 'Send all', exact: true }).click();
    await page.getByText('2 results held').waitFor({ state: 'detached' });
    await eventually('both results', async () => receivedAt('sent').length === 2);
  });

  test('are listed with their reason, and dropped one by one or all at once', async () => {
    const id = await withHeld('dropped');
    const page = await dashboard.openSignedIn(`/deliveries?status=held&connector=${id}`);
    await page.getByText('An operator disabled the connector.').nth(1).waitFor();
    await page.getByRole('button', { name: 'Drop' }).first().click();
    await page.getByText('An operator disabled the connector.').nth(1).waitFor({ state: 'detached' });
    await page.goto(`/connectors/${id}`);
    await page.getByText('1 result held').waitFor();
    await page.getByRole('button', { name: 'Drop all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop all' }).click();
    await page.getByText('1 result held').waitFor({ state: 'detached' });
    const deliveries = await dashboard.operator.all(wire.delivery, `/deliveries?connector=${id}`);
    expect(deliveries.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(receivedAt('dropped')).toEqual([]);
  });

  test('follow an entry in the history that says why the system disabled it', async () => {
    const { operator, receiver } = dashboard;
    receiver.answer(({ path }) => ({ status: path.endsWith('gone') ? 410 : 200 }));
    const config = { url: `${receiver.url}/gone` };
    const { id } = await operator.createConnector({ mode: 'outbound', agents: ['order-desk'], config });
    await operator.startRun('order-desk', { message: 'say gone' });
    await eventually('the entry', async () =>
      (await operator.call('GET', `/connectors/${id}/history`)).text.includes('connector.disabled'),
    );
    const page = await dashboard.openSignedIn(`/connectors/${id}?tab=history`);
    const entries = page.getByRole('region', { name: 'Disabled and dropped' });
    await entries.getByText('The receiver responded with 410 Gone.').waitFor();
  });
});
