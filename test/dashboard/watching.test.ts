import { describe, test } from '@jest/globals';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

describe('what somebody watches', () => {
  test('a run that goes on shows its steps as they come, and how long it has lasted by the second', async () => {
    const id = await dashboard.operator.startRun('order-desk', { message: 'wait 60s' });
    const page = await dashboard.openSignedIn(`/runs/${id}`);
    await page.locator('[id^="span-"], [aria-expanded]').first().waitFor();
    const ticking = page.getByText(/\d s …$/).first();
    const first = await ticking.textContent();
    await page.waitForFunction(
      (shown) => ![...document.querySelectorAll('*')].some(({ textContent }) => textContent === shown),
      first,
    );
    await ticking.waitFor();
    await dashboard.operator.call('POST', `/runs/${id}/cancel`);
    await page.getByText('cancelled').first().waitFor();
  });

  test('an agent whose model has no key says so, on its page and in the list', async () => {
    const page = await dashboard.openSignedIn('/agents');
    const row = page.getByRole('row').filter({ hasText: 'question-answerer' });
    await row.getByText('key missing').waitFor();
    await row.getByRole('link').click();
    await page.getByText(/needs GEMINI_API_KEY/).waitFor();
  });
});
