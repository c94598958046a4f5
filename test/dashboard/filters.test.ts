import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../scenarios/eventually.ts';
import { sendJson } from '../scenarios/sender.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

const conditionOf = (page: Page, label: string) => page.getByRole('textbox', { name: label, exact: true });

describe('a filter', () => {
  test('is tried out while it is typed, saved, and keeps an event that somebody then sends through', async () => {
    const { operator } = dashboard;
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['order-desk'] });
    expect((await sendJson(connector, { total: 250 })).status).toBe(200);
    const page = await dashboard.openSignedIn(`/connectors/${connector.id}?tab=agents`);
    const verdict = page.getByRole('table', { name: 'Verdict' });
    await verdict.getByText('wanted', { exact: true }).waitFor();

    const filter = conditionOf(page, 'Condition of the connector');
    await filter.fill('input.total > ');
    await page.getByText('The condition is invalid at character 14').waitFor();
    await filter.fill('input.total > 1000');
    await verdict.getByText('not wanted').waitFor();
    await verdict.getByText('The filter of the connector is false: input.total > 1000').waitFor();
    await page.getByRole('combobox', { name: 'Event' }).click();
    await page.getByRole('option', { name: 'A payload of your own' }).click();
    await conditionOf(page, 'Payload').fill('{"total": 2000}');
    await verdict.getByText('wanted', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save conditions' }).click();
    await eventually('the filter to be saved', async () => {
      const { filter: saved } = await operator.connector(connector.id);
      return saved === 'input.total > 1000';
    });

    const answer = await sendJson(connector, { total: 5 });
    expect(answer.json).toMatchObject({ filtered: true, run_ids: [] });
    await page.goto(`/connectors/${connector.id}?tab=history`);
    const listed = page.getByRole('region', { name: 'Filtered events' });
    await listed.getByText('The filter of the connector is false').waitFor();
    await listed.getByRole('link', { name: 'All triggers' }).click();
    await page.getByRole('cell', { name: 'accepted' }).waitFor();
    await page.getByRole('combobox', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'filtered' }).click();
    await page.getByRole('cell', { name: 'accepted' }).waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: 'filtered' }).getByRole('link').first().click();
    await page.getByText('The filter of the connector is false').waitFor();
    await page.getByRole('button', { name: 'Send through' }).click();
    await page.getByRole('region', { name: 'Started 1 run' }).getByText('order-desk').waitFor();
    await page.getByRole('button', { name: 'Send through' }).waitFor({ state: 'detached' });
    await page.getByText('Sent through', { exact: true }).waitFor();
  });

  test('is tried out before its connector is created, and outlives a reload', async () => {
    const page = await dashboard.openSignedIn('/connectors/new?type=webhook&mode=inbound&agent=order-desk');
    await page.getByLabel('Name').fill('Big orders');
    await page.getByRole('button', { name: 'Filter' }).click();
    await conditionOf(page, 'Condition of the connector').fill('input.total > ');
    await page.getByText('The condition is invalid at character 14').waitFor();
    await conditionOf(page, 'Condition of the connector').fill('input.total > 1000');
    await conditionOf(page, 'Condition of the link to order-desk').fill("input.country == 'DE'");
    const verdict = page.getByRole('table', { name: 'Verdict' });
    await conditionOf(page, 'Payload').fill('{"total": 5, "country": "DE"}');
    await verdict.getByText('The filter of the connector is false: input.total > 1000').waitFor();
    await page.reload();
    await conditionOf(page, 'Payload').fill('{"total": 2000, "country": "DE"}');
    await verdict.getByText('wanted', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('dialog').getByText('Big orders').waitFor();
    const { json } = await dashboard.operator.call('GET', '/connectors');
    expect(json).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          name: 'Big orders',
          filter: 'input.total > 1000',
          agents: [{ name: 'order-desk', when: "input.country == 'DE'" }],
        }),
      ]),
    });
  });

  test('that is typed and not saved outlives Esc and a reload', async () => {
    const { id, name } = await dashboard.operator.createConnector({
      mode: 'inbound',
      agents: ['order-desk'],
    });
    const page = await dashboard.openSignedIn('/connectors');
    const open = async () => {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('tab', { name: 'Agents (1)' }).click();
      return conditionOf(page, 'Condition of the connector');
    };
    await (await open()).fill('input.total > 7');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.reload();
    expect(await (await open()).inputValue()).toBe('input.total > 7');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.goto(`/connectors/${id}?tab=agents`);
    expect(await conditionOf(page, 'Condition of the connector').inputValue()).toBe('');
  });

  test('of a link outlives links to other agents that come and go', async () => {
    const { operator } = dashboard;
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['order-desk'] });
    const page = await dashboard.openSignedIn(`/connectors/${connector.id}?tab=agents`);
    await conditionOf(page, 'Condition of the link to order-desk').fill("input.country == 'DE'");
    await page.getByRole('button', { name: 'Save conditions' }).click();
    const kept = { name: 'order-desk', when: "input.country == 'DE'" };
    await eventually('the condition to be saved', async () =>
      isDeepStrictEqual(await agentsOf(connector.id), [kept]),
    );
    await page.getByRole('combobox', { name: 'Link an agent' }).click();
    await page.getByRole('option', { name: 'order-lookup' }).click();
    await conditionOf(page, 'Condition of the link to order-lookup').waitFor();
    expect(await agentsOf(connector.id)).toEqual([kept, 'order-lookup']);
    await page.getByRole('button', { name: 'Unlink order-lookup' }).click();
    await conditionOf(page, 'Condition of the link to order-lookup').waitFor({ state: 'detached' });
    expect(await agentsOf(connector.id)).toEqual([kept]);
  });

  test('of an outbound connector is tried out on the result of a run', async () => {
    const { operator, receiver } = dashboard;
    const config = { url: receiver.url };
    await operator.ended(await operator.startRun('order-lookup', { order_id: 'A-1001' }));
    const { id } = await operator.createConnector({ mode: 'outbound', agents: ['order-lookup'], config });
    const page = await dashboard.openSignedIn(`/connectors/${id}?tab=agents`);
    await conditionOf(page, 'Condition of the connector').fill("status == 'failed'");
    const verdict = page.getByRole('table', { name: 'Verdict' });
    await verdict.getByText("The filter of the connector is false: status == 'failed'").waitFor();
  });
});

async function agentsOf(id: string): Promise<unknown> {
  const { json } = await dashboard.operator.call('GET', `/connectors/${id}`);
  return typeof json === 'object' && json !== null && 'agents' in json ? json.agents : undefined;
}
