import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import { startReceiver } from '../../test/receivers/recording-receiver.ts';
import { type RunningProduct, runProduct } from '../../test/running-product.ts';
import { eventually } from '../../test/scenarios/eventually.ts';
import { createdApiKey } from './contract/api-key.ts';
import { wireBudget } from './contract/budget.ts';
import { wireConnection } from './contract/connection.ts';
import { createdConnector } from './contract/connector.ts';
import { startedRun, wireRun } from './contract/run.ts';
import { triggerPage } from './contract/trigger.ts';

const content = z.record(z.string(), z.object({ schema: z.custom<AnySchema>() }));
const described = z.looseObject({
  components: z.looseObject({}),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        responses: z.record(z.string(), z.looseObject({ content: content.optional() })),
      }),
    ),
  ),
});

let product: RunningProduct;
let document: z.infer<typeof described>;
const ajv = addFormats.default(new Ajv2020({ strict: false }));
const called = new Set<string>();

beforeAll(async () => {
  product = await runProduct();
  document = described.parse(await (await fetch(`${product.baseUrl}/api/v1/openapi.json`)).json());
  ajv.addSchema({ $id: 'api', components: document.components });
});

afterAll(() => product.stop());

/** Calls an operation and checks the response against its description. */
async function call(
  method: string,
  path: string,
  ids: Record<string, string> = {},
  body?: unknown,
  query = '',
) {
  const operation = document.paths[`/api/v1${path}`]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`${method} ${path} is not described.`);
  called.add(operation.operationId);
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => ids[name] ?? '');
  const answer = await product.call(method, `${filled}${query}`, body);
  expect(Object.keys(operation.responses)).toContain(String(answer.status));
  const schema = operation.responses[answer.status]?.content?.['application/json']?.schema;
  if (schema === undefined) {
    expect(answer.text).toBe('');
  } else {
    const validate = ajv.compile(absolute(schema));
    validate(answer.json);
    expect(validate.errors ?? []).toEqual([]);
  }
  return answer;
}

/** The schema with absolute references into the document. */
function absolute(schema: AnySchema): AnySchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components'));
}

test('every operation answers as it is described, where it does what it is asked and where it cannot', async () => {
  const receiver = await startReceiver();
  receiver.answer(() => ({ status: 404, body: 'no such thing' }));

  await call('GET', '/agents');
  await call('GET', '/agents/{name}', { name: 'echo' });
  await call('GET', '/agents/{name}', { name: 'nobody' });
  await call('PATCH', '/agents/{name}', { name: 'echo' }, { paused: true });
  await call('PATCH', '/agents/{name}', { name: 'echo' }, { paused: false });
  await call('PATCH', '/agents/{name}', { name: 'echo' }, { drain_per_minute: 60 });
  await call('PATCH', '/agents/{name}', { name: 'nobody' }, { paused: true });
  await call('GET', '/deployment');
  await call('PATCH', '/deployment', {}, { paused: true, drain_per_minute: 60 });
  await call('GET', '/deployment');
  await call('PATCH', '/deployment', {}, { paused: false, drain_per_minute: null });
  await call('PATCH', '/deployment', {}, { drain_per_minute: 0 });
  await call('GET', '/connector-types');
  const described = { key: 'in', name: 'from code', type: 'webhook', mode: 'inbound', agents: ['echo'] };
  await call('POST', '/connectors-as-code/plan', {}, { connectors: [described] });
  await call('POST', '/connectors-as-code/plan', {}, { connectors: [described, described] });
  await call('POST', '/connectors-as-code/apply', {}, { connectors: [described] });
  await call('POST', '/connectors-as-code/apply', {}, { connectors: [], digest: 'another' });
  await call('PUT', '/named-secrets/{name}', { name: 'token' }, { value: 'secret' });
  await call('PUT', '/named-secrets/{name}', { name: '1' }, { value: '' });
  await call('GET', '/named-secrets');
  await call('DELETE', '/named-secrets/{name}', { name: 'token' });
  await call('DELETE', '/named-secrets/{name}', { name: 'token' });
  const check = '/connector-types/{name}/check';
  await call('POST', check, { name: 'webhook' }, { mode: 'inbound' });
  await call('POST', check, { name: 'cron' }, { mode: 'inbound', config: { schedule: '0 9 * * *' } });
  await call('POST', check, { name: 'cron' }, { mode: 'inbound', config: { schedule: 'soon' } });
  await call('POST', check, { name: 'none' }, { mode: 'inbound' });

  const tryOut = '/connector-types/{name}/test';
  await call('POST', tryOut, { name: 'webhook' }, { mode: 'outbound', config: { url: receiver.url } });
  await call('POST', tryOut, { name: 'webhook' }, { mode: 'outbound' });
  await call('POST', tryOut, { name: 'cron' }, { mode: 'inbound', config: { schedule: '0 9 * * *' } });

  const draft = { name: 'in', type: 'webhook', mode: 'inbound', agents: ['echo'] };
  const inbound = createdConnector.parse((await call('POST', '/connectors', {}, draft)).json);
  const outboundDraft = { ...draft, name: 'out', mode: 'outbound', config: { url: receiver.url } };
  const outbound = createdConnector.parse((await call('POST', '/connectors', {}, outboundDraft)).json);
  await call('POST', '/connectors', {}, { name: '' });
  await call('GET', '/connectors');
  await call('GET', '/connectors/{id}', { id: inbound.id });
  await call('PATCH', '/connectors/{id}', { id: inbound.id }, { name: 'renamed', config: {} });
  await call('PATCH', '/connectors/{id}', { id: 'none' }, { name: 'renamed' });
  await call('GET', '/connectors/{id}/secret', { id: inbound.id });
  await call('POST', '/connectors/{id}/rotate-secret', { id: inbound.id });
  await call('POST', '/connectors/{id}/test', { id: outbound.id });
  await call('POST', '/connectors/{id}/test', { id: inbound.id });
  await call('POST', '/connectors/{id}/test', { id: 'none' });
  await call('PUT', '/connectors/{id}/agents/{name}', { id: inbound.id, name: 'shout' });
  await call('PUT', '/connectors/{id}/agents/{name}', { id: inbound.id, name: 'nobody' });
  await call('DELETE', '/connectors/{id}/agents/{name}', { id: inbound.id, name: 'shout' });

  const condition = { when: 'input.total > 100' };
  await call('PUT', '/connectors/{id}/agents/{name}', { id: inbound.id, name: 'echo' }, condition);
  const tryFilter = '/connectors/{id}/try-filter';
  await call('POST', tryFilter, { id: inbound.id }, { payload: { total: 5 } });
  await call('POST', tryFilter, { id: inbound.id }, { filter: 'nothing' });
  await call('POST', tryFilter, { id: 'none' }, { payload: 5 });
  const tryDraftFilter = '/connector-types/{name}/try-filter';
  const draftTrial = { mode: 'inbound', when: { echo: 'input.total > 100' }, payload: { total: 5 } };
  await call('POST', tryDraftFilter, { name: 'webhook' }, draftTrial);
  await call('POST', tryDraftFilter, { name: 'none' }, draftTrial);
  await call('POST', tryDraftFilter, { name: 'webhook' }, { mode: 'outbound', run_id: 'none' });
  const event = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"total":5}' };
  const { secret } = inbound;
  await fetch(inbound.url ?? '', {
    ...event,
    headers: { ...event.headers, 'x-connic-secret': secret ?? '' },
  });
  const filtered = triggerPage.parse((await call('GET', '/triggers', {}, undefined, '?limit=1')).json);
  const filteredId = filtered.items[0]?.trigger_id ?? '';
  await call('POST', '/triggers/{id}/send-through', { id: filteredId });
  await call('POST', '/triggers/{id}/send-through', { id: filteredId });
  await call('POST', '/triggers/{id}/send-through', { id: 'none' });

  const cronDraft = { ...draft, name: 'cron', type: 'cron', config: { schedule: '0 0 1 1 *' } };
  const scheduled = createdConnector.parse((await call('POST', '/connectors', {}, cronDraft)).json);
  for (const id of [scheduled.id, inbound.id, 'none']) {
    await call('GET', '/connectors/{id}/next-runs', { id });
    await call('POST', '/connectors/{id}/run-now', { id });
    await call('GET', '/connectors/{id}/state', { id });
    await call('GET', '/connectors/{id}/history', { id });
  }

  const { run_id: runId } = startedRun.parse(
    (await call('POST', '/agents/{name}/runs', { name: 'echo' }, { payload: { message: 'hello' } })).json,
  );
  await call('POST', '/agents/{name}/runs', { name: 'nobody' }, { payload: null });
  const later = { payload: null, delay_seconds: 3_600 };
  const { run_id: laterId } = startedRun.parse(
    (await call('POST', '/agents/{name}/runs', { name: 'echo' }, later)).json,
  );
  await call('PATCH', '/runs/{id}', { id: laterId }, { at: new Date(Date.now() + 60_000).toISOString() });
  await call('PATCH', '/runs/{id}', { id: laterId }, {});
  await call('PATCH', '/runs/{id}', { id: 'none' }, { delay_seconds: 0 });
  await call('PATCH', '/runs/{id}', { id: runId }, { delay_seconds: 0 });
  const delivery = await eventually('the failed delivery', async () => {
    const run = wireRun.parse((await call('GET', '/runs/{id}', { id: runId })).json);
    return run.deliveries.find(({ status }) => status === 'failed');
  });
  await call('GET', '/runs');
  await call('POST', '/runs/{id}/cancel', { id: runId });
  await call('POST', '/runs/{id}/run-again', { id: runId });
  await call('POST', '/runs/{id}/run-again', { id: runId }, { payload: { message: 'changed' } });
  await call('POST', '/runs/{id}/run-again', { id: 'none' });

  const { trigger_id: triggerId } = wireRun.parse((await call('GET', '/runs/{id}', { id: runId })).json);
  await call('GET', '/triggers/{id}', { id: triggerId });
  await call('GET', '/triggers/{id}', { id: 'none' });
  await fetch(`${product.baseUrl}/webhooks/none`, { method: 'POST', body: '{}' });
  await call('GET', '/refused-requests');

  await call('GET', '/deliveries');
  await call('GET', '/deliveries/{id}', { id: delivery.delivery_id });
  await call('POST', '/deliveries/{id}/redeliver', { id: delivery.delivery_id });
  await call('POST', '/deliveries/redeliver');
  await call('GET', '/deliveries/held');
  await call('POST', '/deliveries/{id}/drop', { id: delivery.delivery_id });
  await call('POST', '/deliveries/{id}/drop', { id: 'none' });
  await call('POST', '/deliveries/drop');

  await product.engine.deadLetters.put({
    deadLetterId: 'letter',
    at: Date.now(),
    source: 'plan-deliveries',
    reason: 'It was tried too often.',
    connectorId: outbound.id,
    runId,
    body: {},
  });
  await call('GET', '/dead-letters');
  await call('POST', '/dead-letters/{id}/retry', { id: 'letter' });
  await call('POST', '/dead-letters/{id}/retry', { id: 'letter' });

  await call('GET', '/attention');
  await call('GET', '/session');
  await call('POST', '/session');
  await call('POST', '/session', {}, { code: 'used' });
  await call('POST', '/sign-in-links');
  await call('DELETE', '/session');
  await call('GET', '/me');
  await call('GET', '/stats');
  await call('GET', '/audit-log');
  await call('GET', '/audit-log', {}, undefined, '?limit=0');
  const connectionDraft = { name: 'cluster', type: 'kafka', config: { bootstrap_servers: '127.0.0.1:1' } };
  const created = await call('POST', '/connections', {}, connectionDraft);
  const { id: connectionId } = wireConnection.parse(created.json);
  await call('POST', '/connections', {}, connectionDraft);
  await call('POST', '/connections', {}, {});
  await call('GET', '/connection-types');
  await call('GET', '/connections', {}, undefined, '?type=kafka');
  const user = { name: 'u', type: 'kafka', mode: 'outbound', config: { topic: 't' }, connection: 'cluster' };
  const { id: userId } = createdConnector.parse((await call('POST', '/connectors', {}, user)).json);
  const connection = '/connections/{id}';
  for (const id of [connectionId, 'none']) {
    await call('GET', connection, { id });
    await call('PATCH', connection, { id }, { name: 'broker' });
    await call('POST', `${connection}/test`, { id });
    await call('DELETE', connection, { id });
  }
  await call('DELETE', '/connectors/{id}', { id: userId });
  await call('DELETE', connection, { id: connectionId });
  const { config } = connectionDraft;
  await call('POST', '/connection-types/{name}/test', { name: 'kafka' }, { config });
  await call('POST', '/connection-types/{name}/test', { name: 'email' }, { config: {} });

  const budgetDraft = { name: 'daily', measure: 'tokens', period: 'day', limit: 100 };
  const { id: budgetId } = wireBudget.parse((await call('POST', '/budgets', {}, budgetDraft)).json);
  await call('POST', '/budgets', {}, budgetDraft);
  await call('POST', '/budgets', {}, { ...budgetDraft, limit: 0 });
  await call('GET', '/budgets');
  await call('GET', '/budgets/{id}', { id: budgetId });
  await call('GET', '/budgets/{id}', { id: 'none' });
  await call('PATCH', '/budgets/{id}', { id: budgetId }, { limit: 200 });
  await call('PATCH', '/budgets/{id}', { id: budgetId }, { limit: 'many' });
  await call('PATCH', '/budgets/{id}', { id: 'none' }, { limit: 200 });
  await call('DELETE', '/budgets/{id}', { id: budgetId });
  await call('DELETE', '/budgets/{id}', { id: budgetId });
  const keyDraft = { name: 'ci', role: 'viewer' };
  const { id: keyId } = createdApiKey.parse((await call('POST', '/api-keys', {}, keyDraft)).json);
  await call('POST', '/api-keys', {}, keyDraft);
  await call('POST', '/api-keys', {}, {});
  await call('GET', '/api-keys');
  await call('DELETE', '/api-keys/{id}', { id: keyId });
  await call('DELETE', '/api-keys/{id}', { id: 'none' });
  await call('DELETE', '/connectors/{id}', { id: inbound.id });
  await call('DELETE', '/connectors/{id}', { id: inbound.id });
  await receiver.goDown();

  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const missing = operations.map(({ operationId }) => operationId).filter((id) => !called.has(id));
  // The event stream does not end; change-events.test.ts reads it.
  expect(missing).toEqual(['watchEvents']);
});
