import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { firstLoadBudgetBytes, scriptBytesOf } from './examine-page.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();
const assets = join(import.meta.dirname, '../../dist/dashboard/assets');

describe('the build', () => {
  test.each(['/', '/agents', '/agents/order-desk', '/connectors-as-code', '/runs'])(
    'needs at most 200 kB of compressed script to show %s the first time, charts and graph aside',
    async (path) => {
      const page = await dashboard.openSignedIn('/settings');
      expect(await scriptBytesOf(page, path)).toBeLessThan(firstLoadBudgetBytes);
    },
  );

  test.each(['/connectors/new?type=webhook&mode=inbound', '/connectors/CONNECTOR'])(
    'needs at most 230 kB, with the parser of instructions, to show %s the first time',
    async (path) => {
      const { id } = await dashboard.operator.createConnector({ mode: 'inbound', agents: [] });
      const page = await dashboard.openSignedIn('/settings');
      expect(await scriptBytesOf(page, path.replace('CONNECTOR', id))).toBeLessThan(230_000);
    },
  );

  test('is served compressed, and its hashed files for good', async () => {
    const [script] = (await readdir(assets)).filter((name) => name.endsWith('.js'));
    const url = `${dashboard.url}/assets/${script}`;
    const compressed = await fetch(url, { headers: { 'accept-encoding': 'br' } });
    expect(compressed.headers.get('content-encoding')).toBe('br');
    expect(compressed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(await readFile(join(assets, script ?? ''), 'utf8'));
  });
});
