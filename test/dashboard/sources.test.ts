import { describe, expect, test } from '@jest/globals';
import { takePicture } from './picture.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

describe('connectors whose events come by themselves', () => {
  test('a schedule is shown in words with its next five ticks while it is typed, fires, and can be fired now', async () => {
    const page = await dashboard.openSignedIn('/connectors/new?agent=order-desk&type=cron', {
      timezoneId: 'America/New_York',
    });
    await page.getByLabel('Schedule').fill('0 25 * * *');
    await page.getByText('"25" is not a valid hour: hours range from 0 to 23.').waitFor();
    await page.getByLabel('Schedule').fill('30 9 * * 1-5');
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByText('At 09:30, Monday through Friday').waitFor();
    const ticks = page.getByRole('table', { name: 'Next ticks' });
    await ticks.getByRole('columnheader', { name: 'Europe/Berlin' }).waitFor();
    expect(await ticks.getByRole('columnheader').allTextContents()).toEqual([
      'Next',
      'Europe/Berlin',
      'America/New_York (your time)',
      'UTC',
    ]);
    expect(await ticks.getByRole('row').count()).toBe(6);
    await takePicture(page, 'schedule');
    await page.getByLabel('Prompt').fill('Count these words.');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const details = page.getByRole('dialog', { name: 'Connector' });
    await details.getByText('At 09:30, Monday through Friday').waitFor();
    await details.getByText('running').waitFor();
    await details.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('main').getByText('completed').first().waitFor();
    await page.getByLabel('Input').getByText('"trigger": "cron"').waitFor();
  });

  test('a broker that cannot be reached is said as soon as the connector is there', async () => {
    const page = await dashboard.openSignedIn(
      '/connectors/new?agent=text-statistics&type=kafka&mode=inbound',
    );
    await page.getByLabel('Bootstrap servers').fill('127.0.0.1:1');
    await page.getByLabel('Topic').fill('orders');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const details = page.getByRole('dialog', { name: 'Connector' });
    await details.getByText('Retrying automatically.').waitFor();
    await details.getByText('failing', { exact: true }).first().waitFor();
    const flow = page.getByLabel('Connector flow of text-statistics');
    await flow.getByText(/inbound, failing for/).waitFor();
    const trial = details.getByRole('region', { name: 'Try it' });
    await trial.getByRole('button', { name: 'Test the connection' }).click();
    await trial.getByRole('status').getByText('The broker refused the connection.').waitFor();
    await page.goto('/connectors');
    const row = page.getByRole('row').filter({ hasText: 'kafka' });
    await row.getByText('failing', { exact: true }).waitFor();
    await row.getByText('The broker refused the connection.').waitFor();
    await page.goto('/');
    const attention = page.getByRole('alert').filter({ hasText: 'need attention' });
    await attention.getByText('The broker refused the connection.').waitFor();
  });

  test('a Kafka connection is tried out before anything is created, and forgotten when it is changed', async () => {
    const page = await dashboard.openSignedIn('/connectors/new?type=kafka&mode=inbound');
    const trial = page.getByRole('region', { name: 'Try it first' });
    const button = trial.getByRole('button', { name: 'Test the connection' });
    expect(await button.isDisabled()).toBe(true);
    await page.getByLabel('Bootstrap servers').fill('127.0.0.1:1');
    await page.getByLabel('Topic').fill('orders');
    await button.click();
    await trial.getByRole('status').getByText('The broker refused the connection.').waitFor();
    await page.getByLabel('Topic').fill('orders-2');
    await trial.getByRole('status').waitFor({ state: 'detached' });
    expect((await dashboard.operator.call('GET', '/connectors?type=kafka')).text).not.toContain('orders-2');
  });

  test('the target of an outbound webhook is, too', async () => {
    const page = await dashboard.openSignedIn('/connectors/new?type=webhook&mode=outbound');
    dashboard.receiver.answer(() => ({ status: 200, body: 'thank you' }));
    await page.getByLabel('URL').fill(dashboard.receiver.url);
    const trial = page.getByRole('region', { name: 'Try it first' });
    await trial.getByRole('button', { name: 'Send a test result' }).click();
    await trial
      .getByRole('status')
      .getByText(/The target accepted it in/)
      .waitFor();
    await trial.getByText('thank you').waitFor();
    expect((await dashboard.operator.call('GET', '/connectors?mode=outbound')).json).toMatchObject({
      items: [],
    });
  });
});
