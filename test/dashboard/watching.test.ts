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

  test('the flow of an agent shows all of its connectors again when the window becomes narrower', async () => {
    const { operator, receiver } = dashboard;
    const config = { url: receiver.url };
    await operator.createConnector({ mode: 'outbound', agents: ['order-lookup'], name: 'Results', config });
    const page = await dashboard.openSignedIn('/agents/order-lookup', {
      viewport: { width: 1600, height: 900 },
    });
    const node = page.getByRole('button', { name: 'Show Results' });
    await node.waitFor();
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.waitForFunction(
      (button) => {
        const flow = button?.closest('.react-flow')?.getBoundingClientRect();
        return flow !== undefined && (button?.getBoundingClientRect().right ?? Infinity) <= flow.right;
      },
      await node.elementHandle(),
    );
    await operator.cleanUp();
  });

  test('an agent whose model has no key says so, on its page and in the list', async () => {
    const page = await dashboard.openSignedIn('/agents');
    const row = page.getByRole('row').filter({ hasText: 'question-answerer' });
    await row.getByText('key missing').waitFor();
    await row.getByRole('link').click();
    await page.getByText(/needs GEMINI_API_KEY/).waitFor();
  });
});
