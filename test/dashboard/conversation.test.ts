import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

describe('a connector with connections', () => {
  test('is created, and talked to from the page over one connection', async () => {
    const page = await dashboard.openSignedIn('/connectors/new?agent=order-lookup&type=websocket&mode=sync');
    await page.getByRole('textbox', { name: 'Name' }).fill('Chat');
    const steps = page.getByRole('region', { name: 'Set up the other side' });
    await steps.getByText("socket.send(JSON.stringify({secret: '<secret>'}))").waitFor();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const details = page.getByRole('dialog', { name: 'Connector' });
    await details
      .getByText(/^ws:.*\/webhooks\/.*\/ws$/)
      .first()
      .waitFor();
    await details.getByRole('tab', { name: 'Test' }).click();
    await details.getByText(/^npx connectors send 'Chat' /).waitFor();
    await details.getByRole('button', { name: 'Send a test message' }).click();
    const message = details.getByRole('textbox', { name: 'Message', exact: true });
    await message.fill('{"type": "message", "id": "one", "payload": {"order_id": "A-1001"}}');
    await details.getByRole('button', { name: 'Send', exact: true }).click();
    await details.getByText(/"type":"stream_end","id":"one".*shipped/).waitFor();
    await details.getByText('Connected. Further messages continue this conversation.').waitFor();
    await message.fill('{"id": "two", "order_id": "A-1002", "message": "And this one?"}');
    await details.getByRole('button', { name: 'Send', exact: true }).click();
    const answers = details.getByText(/"type":"stream_end","id":"two"/);
    await answers.waitFor();
    // One connection.
    expect((await answers.textContent())?.match(/"type":"connected"/g)).toHaveLength(1);
    await details.getByRole('link', { name: 'Open the run' }).click();
    await page.getByRole('main').getByText('completed').first().waitFor();
  });

  test('says so where the page cannot connect', async () => {
    const draft = {
      name: 'Open',
      type: 'websocket',
      mode: 'sync',
      agents: ['order-lookup'],
      config: { require_auth: false },
    };
    const created = await dashboard.operator.call('POST', '/connectors', draft);
    const { id } = z.object({ id: z.string() }).parse(created.json);
    const page = await dashboard.openSignedIn(`/connectors/${id}`);
    const details = page.getByRole('main');
    await details.getByRole('tab', { name: 'Test' }).click();
    await details.getByRole('button', { name: 'Send a test message' }).click();
    await details.getByRole('button', { name: 'Send', exact: true }).click();
    await details
      .getByText(
        'The connection was refused. Check that the connector is enabled, has an agent, and allows this page in its settings.',
      )
      .waitFor();
  });
});

test('a connector whose requests differ each time shows the command that makes one', async () => {
  const draft = {
    mode: 'inbound' as const,
    agents: ['order-lookup'],
    name: 'Signed',
    config: { auth: { type: 'github' } },
  };
  const { id } = await dashboard.operator.createConnector(draft);
  const page = await dashboard.openSignedIn(`/connectors/${id}?tab=test`);
  const section = page.getByRole('region', { name: 'Try it' });
  await section.getByText(/^npx connectors send 'Signed' '\{"order_id":/).waitFor();
  await section
    .getByText('Each request needs a new signature or ID, which the command line creates.')
    .waitFor();
});
