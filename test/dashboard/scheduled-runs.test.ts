import { describe, expect, test } from '@jest/globals';
import { startedRun } from '../../src/api/contract/run.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** The value of a `datetime-local` input, in the browser's zone. */
function inputTime(inMs: number): string {
  const time = new Date(Date.now() + inMs);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const hourMs = 3_600_000;

describe('a run at a later time', () => {
  test('is scheduled by hand, listed, moved, and started now', async () => {
    const page = await dashboard.openSignedIn('/agents/order-lookup');
    await page.getByRole('button', { name: 'Run by hand' }).click();
    await page.getByLabel('Start at').fill(inputTime(2 * hourMs));
    await page.getByRole('button', { name: 'Schedule run' }).click();
    await page.waitForURL('**/runs/*');
    await page.getByText('scheduled', { exact: true }).waitFor();
    await page.getByText('in 1 h', { exact: true }).waitFor();
    await page.getByText('The run has not started.').waitFor();
    const runId = page.url().split('/').at(-1) ?? '';

    await page.goto('/runs?status=scheduled');
    await page.getByRole('row').filter({ hasText: 'order-lookup' }).getByText(/^in /).waitFor();
    await page.goto(`/runs/${runId}`);

    await page.getByRole('button', { name: 'Change time' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Start at').fill(inputTime(-hourMs));
    await dialog.getByRole('button', { name: 'Change time' }).click();
    await dialog.getByText('at: is in the past.').waitFor();
    await dialog.getByLabel('Start at').fill(inputTime(26 * hourMs));
    await dialog.getByRole('button', { name: 'Change time' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('in 1 d', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('completed', { exact: true }).waitFor();
    expect(await dashboard.operator.run(runId)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('is cancelled before it starts', async () => {
    const answer = await dashboard.operator.call('POST', '/agents/order-lookup/runs', {
      payload: {},
      delay_seconds: 3_600,
    });
    const { run_id: runId } = startedRun.parse(answer.json);
    const page = await dashboard.openSignedIn(`/runs/${runId}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('cancelled', { exact: true }).waitFor();
  });
});
