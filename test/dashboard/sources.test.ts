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
    await details.getByRole('tab', { name: 'Test' }).click();
    await details.getByRole('button', { name: 'Test the connection' }).click();
    await details.getByRole('status').getByText('The broker refused the connection.').waitFor();
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

  test('a type is found by what it does, and its form shows what applies to what was chosen', async () => {
    const page = await dashboard.openSignedIn('/connectors/new');
    await page.getByRole('button', { name: 'Time' }).click();
    const types = page.getByRole('region', { name: 'Choose a connector type' }).getByRole('link');
    await page.getByRole('link', { name: /^Kafka/ }).waitFor({ state: 'detached' });
    expect(await types.count()).toBe(1);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByRole('textbox', { name: 'Search connector types' }).fill('mess outb topic');
    await page.getByRole('link', { name: /^Webhook/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^Kafka/ }).click();
    await page.getByRole('link', { name: /^Outbound/ }).click();
    await page.getByLabel('Bootstrap servers').fill('127.0.0.1:1');
    await page.getByLabel('Topic').fill('orders');
    expect(await page.getByLabel('User name').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Security protocol' }).click();
    await page.getByRole('option', { name: 'SASL_SSL' }).click();
    await page.getByLabel('User name').fill('agents');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    expect(await page.getByText('Required.').count()).toBe(2);
    await page.getByRole('combobox', { name: 'Security protocol' }).click();
    await page.getByRole('option', { name: 'PLAINTEXT', exact: true }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('dialog', { name: 'Connector' }).getByText('orders on 127.0.0.1:1').waitFor();
  });
});
