import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { adminToken } from './embedded-system.ts';
import { openPath } from './open-path.ts';
import { everyPage } from './pages.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();
let pages: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  pages = await everyPage(dashboard);
});

const connectorList = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
const shownSecret = z.looseObject({ secret: z.string() });

/** Of all that have one: a schedule has none. */
async function secretsOfConnectors(): Promise<string[]> {
  const { items } = connectorList.parse((await dashboard.operator.call('GET', '/connectors')).json);
  const answers = await Promise.all(
    items.map(({ id }) => dashboard.operator.call('GET', `/connectors/${id}/secret`)),
  );
  return answers.filter(({ status }) => status === 200).map(({ json }) => shownSecret.parse(json).secret);
}

describe('the page keeps its secrets', () => {
  test('its policy allows its own files only, and nothing inline', async () => {
    const answer = await fetch(`${dashboard.url}/agents`);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  test('no page breaks the policy, asks another server, or has a secret in its address or storage', async () => {
    const secrets = [adminToken, ...(await secretsOfConnectors())];
    const page = await dashboard.openSignedIn();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    for (const path of Object.values(pages)) {
      await openPath(page, path);
    }
    await page.goto(pages['Agent with a connector’s drawer'] ?? '');
    await page.getByRole('tab', { name: 'Credentials' }).click();
    await page.getByRole('button', { name: 'Show secret' }).click();
    await page.getByRole('button', { name: 'Hide secret' }).click();
    const kept = await page.evaluate(() => ({
      local: JSON.stringify(localStorage),
      session: JSON.stringify(sessionStorage),
      cookies: document.cookie,
      text: document.documentElement.outerHTML,
    }));
    expect(asked.filter((url) => !url.startsWith(`${dashboard.url}/`) && !url.startsWith('data:'))).toEqual(
      [],
    );
    for (const secret of secrets) {
      expect(asked.filter((url) => url.includes(secret))).toEqual([]);
      expect(Object.values(kept).join()).not.toContain(secret);
    }
    expect(dashboard.process.output()).not.toContain(adminToken);
  });

  test('payloads and outputs are text, whatever they contain', async () => {
    const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
    const id = await dashboard.operator.startRun('order-desk', { message: `say ${markup}` });
    await dashboard.operator.ended(id);
    const page = await dashboard.openSignedIn(`/runs/${id}`);
    await page.getByLabel('Output').getByText(markup).waitFor();
    expect(await page.locator('img, b').count()).toBe(0);
  });
});
