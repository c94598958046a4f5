import { describe, expect, test } from '@jest/globals';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

describe('a connector that comes from code', () => {
  test('says so, and lists what was edited since, until it is applied again', async () => {
    const { operator } = dashboard;
    const described = {
      key: 'reports',
      name: 'Reports from code',
      type: 'webhook',
      mode: 'outbound',
      config: { url: 'https://hooks.example/reports', authorization: 'Bearer very-secret' },
      agents: ['order-desk'],
    };
    const apply = () => operator.call('POST', '/connectors-as-code/apply', { connectors: [described] });
    expect((await apply()).status).toBe(200);
    const page = await dashboard.openSignedIn('/connectors');
    const row = page.getByRole('row', { name: /Reports from code/ });
    await row.getByText('code', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Reports from code' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('connectors/reports.yaml').waitFor();
    await drawer.getByRole('tab', { name: 'Settings' }).click();
    await drawer.getByText('The next apply takes back what you change here.').waitFor();
    await drawer.getByLabel('Timeout').fill('30');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await drawer.getByText('1 edit since connectors/reports.yaml was applied').waitFor();
    await drawer.getByRole('cell', { name: 'config.timeout_seconds' }).waitFor();
    await row.getByText('code, edited').waitFor();

    const overview = await dashboard.openSignedIn('/');
    await overview.getByText('1 connector from code was edited').waitFor();
    await overview.getByRole('link', { name: 'Compare with the files' }).click();
    const edits = overview.getByRole('region', { name: 'Reports from code: 1 edit' });
    await edits.getByRole('row', { name: 'config.timeout_seconds' }).getByText('30').waitFor();
    await edits.getByText('From connectors/reports.yaml').waitFor();
    await overview.getByText('deleted since then are not shown').waitFor();
    await apply();
    await overview.reload();
    await overview
      .getByRole('region', { name: '1 connector matches its file' })
      .getByText('reports.yaml')
      .waitFor();

    await drawer.getByText('1 edit since connectors/reports.yaml was applied').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain('very-secret');
  });
});
