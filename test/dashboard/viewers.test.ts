import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createdApiKey } from '../../src/api/contract/api-key.ts';
import { createdConnector } from '../../src/api/contract/connector.ts';
import { openPath } from './open-path.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();

/** What changes something, wherever it is. */
const changes =
  /^(add|create|run (by hand|now|again)|start|cancel|delete|enable|disable|save|rotate|link|unlink|redeliver|retry|revoke|send|show the secret|test)\b/i;

const isConnector = (path: string) => /^\/connectors\/(?!new)/.test(path);

describe('a viewer', () => {
  let key: string;
  const lists = [
    '/',
    '/agents',
    '/connectors',
    '/runs',
    '/triggers',
    '/deliveries',
    '/dead-letters',
    '/settings',
  ];
  const tabs = ['credentials', 'test', 'settings', 'agents'];
  const paths = [...lists, '/agents/order-desk', '/connectors/new'];

  beforeAll(async () => {
    const { operator, receiver } = dashboard;
    const draft = { name: 'looker', role: 'viewer' };
    key = createdApiKey.parse((await operator.call('POST', '/api-keys', draft)).json).key;
    const agents = ['order-desk'];
    const drafts = [
      { name: 'hook', type: 'webhook', mode: 'inbound', agents, config: {} },
      { name: 'clock', type: 'cron', mode: 'inbound', agents, config: { schedule: '0 9 * * *' } },
      { name: 'target', type: 'webhook', mode: 'outbound', agents, config: { url: receiver.url } },
    ];
    for (const connector of drafts) {
      const { json } = await operator.call('POST', '/connectors', connector);
      const path = `/connectors/${createdConnector.parse(json).id}`;
      paths.push(path, ...tabs.map((tab) => `${path}?tab=${tab}`));
    }
    const runId = await operator.startRun('order-desk', { message: 'hello' });
    await operator.ended(runId);
    paths.push(`/runs/${runId}`);
  });

  async function signedIn(): Promise<Page> {
    const page = await dashboard.openPage();
    await page.goto('/');
    await page.getByLabel('Token').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('main#main').waitFor();
    return page;
  }

  test('signs in with an API key, sees nothing that would be refused, and asks for nothing that is', async () => {
    const page = await signedIn();
    const refused: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') refused.push(`${request.method()} ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    for (const path of paths) {
      await openPath(page, path);
      if (isConnector(path)) await page.getByRole('tab', { name: 'Settings' }).waitFor();
      const buttons = page.getByRole('button', { name: changes, disabled: false });
      expect({ path, offered: await buttons.allTextContents() }).toEqual({ path, offered: [] });
      expect(await page.getByRole('checkbox', { disabled: false }).count()).toBe(0);
    }
    expect(refused).toEqual([]);
  });

  test('is told why keys and the creation of connectors are not there', async () => {
    const page = await signedIn();
    await openPath(page, '/settings');
    await page.getByRole('region', { name: 'API keys' }).getByText('Operators only').waitFor();
    await page.getByRole('region', { name: 'Audit log' }).getByText('api-key.created').first().waitFor();
    await openPath(page, '/connectors/new?type=webhook&mode=inbound');
    await page.getByText('Ask an operator to create it').waitFor();
  });
});
