import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { startProduct } from '../../../test/product-process.ts';

const token = 'test-admin-token';
const projectDir = join(import.meta.dirname, '../../../test/scenarios/project');
const page = z.object({ items: z.array(z.object({ name: z.string() })) });

async function call(url: string, method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(`${url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
}

async function names(url: string): Promise<string[]> {
  const { items } = page.parse(await (await call(url, 'GET', '/connectors?limit=100')).json());
  return items.map(({ name }) => name).sort();
}

test('a process that is killed inside an apply has applied all or nothing', async () => {
  const product = await startProduct({ projectDir, token });
  const { url, stop, start } = product;
  const described = (round: number) =>
    Array.from({ length: 60 }, (_, index) => ({
      key: `c${round}-${index}`,
      name: `c${round}-${index}`,
      type: 'webhook',
      mode: 'inbound',
      agents: ['echo'],
    }));
  for (let round = 0; round < 6; round++) {
    const before = await names(url);
    const wanted = described(round).map(({ name }) => name);
    const applied = call(url, 'POST', '/connectors-as-code/apply', { connectors: described(round) });
    applied.catch(() => undefined);
    await sleep(10 + round * 25);
    await stop('SIGKILL');
    await start();
    const after = await names(url);
    expect([before.join(), wanted.sort().join()]).toContain(after.join());
  }
  await product.remove();
}, 300_000);
