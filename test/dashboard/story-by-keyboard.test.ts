import { afterEach, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { goTo, narrowLight, wideDark } from './looks.ts';
import { openPath } from './open-path.ts';
import { emptySystem } from './shown-system.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** More stops than any page has before its main actions. */
const maxStops = 60;

/** Goes on with Tab until `target` has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < maxStops; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      expect(await target.evaluate(isInSight)).toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}.`);
}

/** Whether nothing covers the middle of an element, and it is inside of the window. */
function isInSight(element: Element): boolean {
  const { left, top, width, height } = element.getBoundingClientRect();
  const shown = document.elementFromPoint(left + width / 2, top + height / 2);
  return shown !== null && (element.contains(shown) || shown.contains(element));
}

async function choose(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

describe.each([wideDark, narrowLight])('by keyboard at $look', (look) => {
  const { viewport, colorScheme } = look;

  afterEach(() => emptySystem(dashboard.operator));

  test('an operator connects an agent, sends a request, and reads its run', async () => {
    const page = await dashboard.openPage({ viewport, colorScheme });
    await page.goto('/');
    for (const [label, text] of dashboard.credentials.fields) {
      await tabTo(page, page.getByLabel(label, { exact: true }));
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');

    await goTo(page, 'Agents', look, (target) => choose(page, target));
    await choose(page, page.getByRole('link', { name: 'order-lookup' }));
    await choose(page, page.getByRole('button', { name: 'Add inbound connector' }));
    await choose(page, page.getByRole('link', { name: 'Create new connector' }));
    await choose(page, page.getByRole('link', { name: /^Webhook/ }));
    await choose(page, page.getByRole('link', { name: /^Inbound/ }));
    await tabTo(page, page.getByLabel('Name'));
    await page.keyboard.press('Enter');

    await tabTo(page, page.getByRole('tab', { name: 'Credentials' }));
    await page.keyboard.press('ArrowRight');
    await choose(page, page.getByRole('button', { name: 'Send a test request' }));
    await tabTo(page, page.getByRole('textbox', { name: 'Body', exact: true }));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('{"order_id": "A-1001"}');
    await page.keyboard.press('Control+Enter');
    await choose(page, page.getByRole('link', { name: 'Open the run' }));
    await page.getByRole('main').getByText('completed').first().waitFor();
    await choose(page, page.getByRole('button', { name: /^tool/ }));
    await page.getByText('gen_ai.tool.name').waitFor();
  });

  test('a closed drawer gives the focus back, Escape closes it, and the content can be jumped to', async () => {
    await dashboard.operator.createConnector({ mode: 'sync', agents: ['order-desk'], name: 'Desk' });
    const page = await dashboard.openSignedIn('/agents/order-desk', { viewport, colorScheme });
    const node = page.getByRole('button', { name: 'Show Desk' });
    await choose(page, node);
    await page.getByRole('dialog', { name: 'Connector' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Connector' }).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Show Desk'));

    await openPath(page, '/agents');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});
