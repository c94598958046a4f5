import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openPath } from './open-path.ts';
import { useDashboard } from './use-dashboard.ts';

const dashboard = useDashboard();
const assets = join(import.meta.dirname, '../../dist/dashboard/assets');

/** Of the script that the first page needs, compressed. */
const firstLoadBudgetBytes = 200_000;

describe('the build', () => {
  test.each(['/', '/agents', '/agents/order-desk', '/runs'])(
    'needs at most 200 kB of compressed script to show %s the first time, charts and graph aside',
    async (path) => {
      const page = await dashboard.openSignedIn('/settings');
      const scripts = new Set<string>();
      page.on('request', (request) => {
        if (request.resourceType() === 'script') scripts.add(new URL(request.url()).pathname);
      });
      await openPath(page, path);
      const names = [...scripts].map((script) => script.split('/').at(-1) ?? '');
      const needed = names.filter(
        (name) => !/^(charts|connector-flow)-/.test(name) && name !== 'color-scheme.js',
      );
      const sizes = await Promise.all(needed.map((name) => stat(join(assets, `${name}.br`))));
      expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(firstLoadBudgetBytes);
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
