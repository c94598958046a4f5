import { describe, expect, test } from '@jest/globals';
import { eventually } from '../scenarios/eventually.ts';
import { sendJson } from '../scenarios/sender.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

describe('a pause', () => {
  test('of a connector begins after a question, shows what waits, and ends at a rate', async () => {
    const { operator } = dashboard;
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['order-desk'] });
    const page = await dashboard.openSignedIn(`/connectors/${connector.id}`);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('This connector is paused').waitFor();
    const sent = await sendJson(connector, { message: 'say hello' });
    expect(sent.status).toBe(200);
    await page.reload();
    await page.getByText('1 waits, the oldest for').waitFor();
    await page.getByRole('combobox', { name: 'Resume rate' }).click();
    await page.getByRole('option', { name: '600 a minute' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('This connector is paused').waitFor({ state: 'detached' });
    await eventually('the run to end', async () => {
      const { items } = await operator.runs(`connector=${connector.id}&status=completed`);
      return items.length === 1;
    });
  });

  test('of an agent is shown on its page, and by its runs', async () => {
    const { operator } = dashboard;
    const page = await dashboard.openSignedIn('/agents/order-desk');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('This agent is paused').waitFor();
    const runId = await operator.startRun('order-desk', { message: 'say hello' });
    await page.goto(`/runs/${runId}`);
    await page.getByText('The agent is paused.').waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'overview' }).click();
    await page.getByText('all held back').waitFor();
    await page.goto('/agents');
    await page.getByRole('row').filter({ hasText: 'order-desk' }).getByText('paused').waitFor();
    await page.goto('/agents/order-desk');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('This agent is paused').waitFor({ state: 'detached' });
    expect((await operator.ended(runId)).status).toBe('completed');
  });

  test('of everything is begun in the settings and shown on every page', async () => {
    const page = await dashboard.openSignedIn('/settings');
    await page.getByRole('button', { name: 'Pause everything' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('The whole deployment is paused').waitFor();
    await page.goto('/runs');
    await page.getByText('The whole deployment is paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('The whole deployment is paused').waitFor({ state: 'detached' });
  });
});
