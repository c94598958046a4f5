import { test } from '@jest/globals';
import { sendJson, sendRaw } from '../scenarios/sender.ts';
import * as wire from '../scenarios/wire.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();
test('shots', async () => {
  const { operator, receiver } = dashboard;
  const agents = ['order-lookup'];
  const inbound = await operator.createConnector({ mode: 'inbound', agents, name: 'Shop orders' });
  let count = 0;
  receiver.answer(() => ({ status: count++ === 0 ? 422 : 200, body: '{"error":"order is unknown"}' }));
  await operator.createConnector({
    mode: 'outbound',
    agents,
    name: 'Results',
    config: { url: receiver.url },
  });
  const answer = await sendJson(
    inbound,
    { order_id: 'A-1001' },
    { 'x-order': 'night shift', 'idempotency-key': 'k' },
  );
  await sendJson(inbound, { order_id: 'A-1001' }, { 'idempotency-key': 'k' });
  await sendRaw(inbound, { headers: { 'x-connic-secret': 'wrong' }, body: '{}' });
  await sendRaw({ url: inbound.url?.replace(inbound.id, 'orders') }, { body: '{}' });
  const [runId = ''] = wire.inboundAnswer.parse(answer.json).run_ids;
  const delivery = await operator.deliveryOf(runId, ({ status }) => status === 'failed');
  const { trigger_id: trigger } = await operator.run(runId);
  const model = await operator.startRun('order-desk', {
    message: 'call orders.findOrder {"order_id": "A-1001"}',
  });
  await operator.ended(model);
  const pages: Record<string,string> = {
    delivery: `/deliveries/${delivery.delivery_id}`,
    trigger: `/triggers/${trigger}`,
    refused: '/refused-requests',
    run: `/runs/${model}`,
    connectors: '/connectors',
    deliveries: '/deliveries',
  };
  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1440, 390]) {
      const page = await dashboard.openSignedIn('/', {
        viewport: { width, height: 900 },
        colorScheme: scheme,
      });
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path);
        await page.locator('main#main h1').waitFor();
        await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
        if (name === 'run') {
          await page
            .getByRole('button', { name: /^model/ })
            .first()
            .click();
          for (const summary of await page.locator('summary').all()) await summary.click();
        }
        if (name === 'refused') await page.locator('tbody button').first().click();
        await page.screenshot({
          path: `/tmp/traces-shots/${name}-${width}-${scheme}.png`,
          fullPage: true,
          animations: 'disabled',
        });
      }
      if (width === 1440) {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Search' }).fill(runId);
        await page.locator('[role=option]').first().waitFor();
        await page.screenshot({ path: `/tmp/traces-shots/palette-${scheme}.png` });
      }
    }
  }
});
