import { describe, expect, test } from '@jest/globals';
import type { Page, Request } from 'playwright-core';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** Shows or hides the page, as the browser does when another tab comes before it. */
async function show(page: Page, visibilityState: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibilityState);
}

/** The paths that the page asks for from now on. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request: Request) => asked.push(new URL(request.url()).pathname));
  return asked;
}

/** Events as a deployment to AWS tells them: each answer ends, with a place to go on from. */
async function tellEvents(page: Page, retryMs: number) {
  const places: (string | undefined)[] = [];
  let count = 0;
  await page.route('**/api/v1/events', (route) => {
    places.push(route.request().headers()['last-event-id']);
    count += 1;
    return route.fulfill({
      contentType: 'text/event-stream',
      body: `retry: ${retryMs}\n\nid: place-${count}\n\n`,
    });
  });
  return places;
}

describe('a page that nobody sees', () => {
  test('asks nothing, and refetches everything when somebody sees it again', async () => {
    const page = await dashboard.openPage();
    await page.clock.install();
    const places = await tellEvents(page, 5_000);
    await dashboard.signIn(page, '/runs');
    await page.getByText('No runs yet').waitFor();
    await show(page, 'hidden');
    await page.waitForLoadState('networkidle');
    const asked = requestsOf(page);
    await page.clock.runFor(10 * 60_000);
    expect(asked).toEqual([]);
    await dashboard.operator.startRun('order-desk', { message: 'say hello' });
    await show(page, 'visible');
    await page.getByRole('link', { name: 'order-desk' }).waitFor();
    expect(places.at(-1)).toBeUndefined();
  });

  test('asks nothing either where no events come through', async () => {
    const page = await dashboard.openPage();
    await page.route('**/api/v1/events', (route) => route.fulfill({ status: 504, body: 'too slow' }));
    await page.clock.install();
    await dashboard.signIn(page, '/runs');
    await page.getByText('Every 5 s').waitFor();
    await show(page, 'hidden');
    await page.waitForLoadState('networkidle');
    const asked = requestsOf(page);
    await page.clock.runFor(10 * 60_000);
    expect(asked).toEqual([]);
  });

  test('lets go of a stream that does not end', async () => {
    const page = await dashboard.openSignedIn('/runs');
    await page.getByText('Live', { exact: true }).waitFor();
    const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events'));
    await show(page, 'hidden');
    await ended;
    const again = page.waitForRequest('**/api/v1/events');
    await show(page, 'visible');
    await again;
  });
});

test('a page whose events end goes on from the last one, and stays live', async () => {
  const page = await dashboard.openPage();
  const places = await tellEvents(page, 100);
  await dashboard.signIn(page, '/runs');
  while (places.length < 4) await page.waitForRequest('**/api/v1/events');
  expect(places.slice(0, 4)).toEqual([undefined, 'place-1', 'place-2', 'place-3']);
  await page.getByText('Live', { exact: true }).waitFor();
});
