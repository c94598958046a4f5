import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type ProductProcess, startProduct } from '../../../test/product-process.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';

const token = 'test-admin-token';
const scenarioProject = join(import.meta.dirname, '../../../test/scenarios/project');
const headers = { authorization: `Bearer ${token}` };
const page = z.object({ items: z.array(z.object({ name: z.string() })) });

let folder: string;
let product: ProductProcess | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apply-files-'));
  await cp(scenarioProject, folder, { recursive: true });
  await mkdir(join(folder, 'connectors'));
});

afterEach(async () => {
  await product?.remove();
  product = null;
  await rm(folder, { recursive: true });
});

async function start(args: readonly string[]): Promise<ProductProcess> {
  product = await startProduct({ projectDir: folder, token, args });
  return product;
}

function write(key: string, text = 'type: webhook\nmode: inbound\nagents: [echo]\n'): Promise<void> {
  return writeFile(join(folder, 'connectors', `${key}.yaml`), text);
}

async function names(url: string): Promise<string[]> {
  const { items } = page.parse(await (await fetch(`${url}/api/v1/connectors`, { headers })).json());
  return items.map(({ name }) => name).sort();
}

describe('the start with --apply', () => {
  test('applies the files before it is ready, and again whenever one changes with --dev', async () => {
    await write('in');
    const { url, output } = await start(['--apply', '--dev']);
    expect(await names(url)).toEqual(['in']);
    expect(output()).toContain('Connectors from code: 1 created; 0 unchanged.');
    await write('other');
    await eventually('the change', async () => (await names(url)).length === 2);
    await write('broken', 'type: webhook\nmode: inbond\n');
    await eventually('the problem', async () => output().includes('Did you mean "inbound"?'));
    expect(await names(url)).toEqual(['in', 'other']);
    await rm(join(folder, 'connectors', 'broken.yaml'));
    await rm(join(folder, 'connectors', 'in.yaml'));
    await eventually('the removal', async () => (await names(url)).join() === 'other');
  });

  test('fails with every problem of the files', async () => {
    await write('in', 'type: webhook\nmode: inbound\nagents: [ecko]\n');
    await write('other', 'type: webhok\nmode: inbound\n');
    await expect(start(['--apply'])).rejects.toThrow(
      /connectors\/in\.yaml:3 agents\.0: There is no agent named "ecko"\. Did you mean "echo"\?[\s\S]*connectors\/other\.yaml:1 type: /,
    );
  });
});
