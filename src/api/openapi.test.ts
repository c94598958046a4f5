import { mock } from 'node:test';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import { type RunningProduct, runProduct } from '../../test/running-product.ts';
import { managementApi } from './management-api.ts';

const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string().min(5),
  tags: z.array(z.string()).length(1),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.enum(['path', 'query']) })).default([]),
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1) })),
});

const openApi = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.url() })),
  security: z.tuple([z.object({ token: z.array(z.never()) })]),
  tags: z.array(z.looseObject({ name: z.string() })),
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

/** The calls of the public interface (spec: api.md), and later additions. */
const publicInterface = [
  'GET /agents',
  'GET /agents/{name}',
  'PATCH /agents/{name}',
  'GET /deployment',
  'PATCH /deployment',
  'POST /agents/{name}/runs',
  'GET /connector-types',
  'POST /connector-types/{name}/check',
  'POST /connector-types/{name}/test',
  'GET /connection-types',
  'POST /connection-types/{name}/test',
  'GET /connections',
  'POST /connections',
  'GET /connections/{id}',
  'PATCH /connections/{id}',
  'DELETE /connections/{id}',
  'POST /connections/{id}/test',
  'POST /connectors',
  'GET /connectors',
  'GET /connectors/{id}',
  'PATCH /connectors/{id}',
  'DELETE /connectors/{id}',
  'GET /connectors/{id}/secret',
  'POST /connectors/{id}/rotate-secret',
  'POST /connectors/{id}/test',
  'PUT /connectors/{id}/agents/{name}',
  'DELETE /connectors/{id}/agents/{name}',
  'GET /connectors/{id}/next-runs',
  'POST /connectors/{id}/run-now',
  'GET /connectors/{id}/state',
  'GET /connectors/{id}/history',
  'POST /connectors-as-code/plan',
  'POST /connectors-as-code/apply',
  'GET /named-secrets',
  'PUT /named-secrets/{name}',
  'DELETE /named-secrets/{name}',
  'GET /session',
  'POST /session',
  'DELETE /session',
  'POST /sign-in-links',
  'GET /me',
  'GET /runs',
  'GET /runs/{id}',
  'GET /triggers',
  'GET /triggers/{id}',
  'POST /triggers/{id}/send-through',
  'POST /connectors/{id}/try-filter',
  'POST /connector-types/{name}/try-filter',
  'GET /refused-requests',
  'POST /runs/{id}/cancel',
  'PATCH /runs/{id}',
  'POST /runs/{id}/run-again',
  'GET /deliveries',
  'GET /deliveries/held',
  'GET /deliveries/{id}',
  'POST /deliveries/{id}/drop',
  'POST /deliveries/drop',
  'POST /deliveries/{id}/redeliver',
  'POST /deliveries/redeliver',
  'GET /dead-letters',
  'POST /dead-letters/{id}/retry',
  'GET /events',
  'GET /stats',
  'GET /attention',
  'GET /audit-log',
  'GET /budgets',
  'POST /budgets',
  'GET /budgets/{id}',
  'PATCH /budgets/{id}',
  'DELETE /budgets/{id}',
  'GET /api-keys',
  'POST /api-keys',
  'DELETE /api-keys/{id}',
];

let product: RunningProduct;
let text: string;
let document: z.infer<typeof openApi>;

beforeAll(async () => {
  product = await runProduct();
  const response = await fetch(`${product.baseUrl}/api/v1/openapi.json`);
  text = await response.text();
  document = openApi.parse(JSON.parse(text));
});

afterAll(() => product.stop());

function operations() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, described })),
  );
}

describe('the OpenAPI description', () => {
  test('has every call of the public interface, and no other', () => {
    const calls = operations().map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
    );
    expect(calls.toSorted()).toEqual(publicInterface.toSorted());
  });

  test('names each operation once, under a tag that is described', () => {
    const ids = operations().map(({ described }) => described.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { described } of operations()) expect(tags).toEqual(expect.arrayContaining(described.tags));
  });

  test('declares exactly the parameters that stand in each path', () => {
    for (const { path, described } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = described.parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
    }
  });

  test('says of every operation what it answers without a token, and where it fails', () => {
    for (const { described } of operations()) {
      expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(['400', '401', '500', '503']));
    }
  });

  test('refers only to what it has', () => {
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(20);
    for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  test('has schemas that JSON Schema 2020-12 understands, as OpenAPI 3.1 wants it', () => {
    const ajv = addFormats.default(new Ajv2020({ strict: true, allowUnionTypes: true }));
    ajv.addVocabulary(['components', 'example']);
    ajv.addSchema({ $id: 'api', components: document.components });
    for (const name of Object.keys(document.components.schemas)) {
      expect(ajv.getSchema(`api#/components/schemas/${name}`)).toBeInstanceOf(Function);
    }
  });

  test('is generated once, however many ask for it', async () => {
    const app = managementApi(product.engine, { authenticate: () => null });
    const generate = mock.method(app, 'getOpenAPI31Document');
    const texts = [1, 2, 3].map(async () => (await app.request('/api/v1/openapi.json')).text());
    expect(new Set(await Promise.all(texts)).size).toBe(1);
    expect(generate.mock.callCount()).toBe(1);
  });

  test('is not sent again to who has it', async () => {
    const url = `${product.baseUrl}/api/v1/openapi.json`;
    const { headers } = await fetch(url);
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await fetch(url, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(again.headers.get('etag')).toBe(etag);
    expect(again.headers.get('cache-control')).toBe('no-cache');
    expect((await fetch(url, { headers: { 'if-none-match': '"another"' } })).status).toBe(200);
  });

  test('names the address at which this system is reached', () => {
    expect(document.servers).toEqual([{ url: product.baseUrl }]);
  });
});
