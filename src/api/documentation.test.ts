import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type RunningProduct, runProduct } from '../../test/running-product.ts';
import { refusalStatuses } from './refusal-status.ts';

const parameter = z.looseObject({ name: z.string(), in: z.enum(['path', 'query']) });
const operation = z.looseObject({ parameters: z.array(parameter).default([]) });
const openApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

let product: RunningProduct;
/** Query parameters by call, according to the OpenAPI description. */
let described: ReadonlyMap<string, readonly string[]>;
let page: string;

beforeAll(async () => {
  product = await runProduct();
  const response = await fetch(`${product.baseUrl}/api/v1/openapi.json`);
  described = describedCalls(openApi.parse(await response.json()));
  page = await readFile(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
});

afterAll(() => product.stop());

function describedCalls({ paths }: z.infer<typeof openApi>): ReadonlyMap<string, readonly string[]> {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters }]) => {
      const call = `${method.toUpperCase()} ${path.replace('/api/v1', '')}`;
      return [call, parameters.flatMap((one) => (one.in === 'query' ? [one.name] : []))] as const;
    }),
  );
  return new Map(calls);
}

/** The cells of each row of the table under a heading, without the header row. */
function tableUnder(heading: string): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function quoted(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

/** The calls in a cell; a method without a path shares the path of the call after it. */
function callsOf(cell: string | undefined): string[] {
  const calls: string[] = [];
  let path = '';
  for (const text of quoted(cell).reverse()) {
    const [method, given = path] = text.split(' ');
    path = given;
    calls.push(`${method} ${path}`);
  }
  return calls;
}

describe('docs/api.md', () => {
  test('has every call that the OpenAPI description has, once, and no other', () => {
    const documented = tableUnder('Calls').flatMap(([call]) => callsOf(call));
    expect(documented.toSorted()).toEqual([...described.keys()].toSorted());
  });

  test('names what each list can be narrowed down by', () => {
    for (const [call, does] of tableUnder('Calls')) {
      const parameters = callsOf(call).flatMap((one) => described.get(one) ?? []);
      const narrowing = parameters.filter((name) => name !== 'limit' && name !== 'cursor');
      expect([call, quoted(does)]).toEqual([call, expect.arrayContaining(narrowing)]);
    }
  });

  test('has every code of a refusal with its status, and no other', () => {
    const documented = tableUnder('Errors').flatMap(([status, codes]) =>
      quoted(codes).map((code) => `${status} ${code}`),
    );
    const refused = Object.entries(refusalStatuses).map(([code, status]) => `${status} ${code}`);
    expect(documented.toSorted()).toEqual(refused.toSorted());
  });
});
