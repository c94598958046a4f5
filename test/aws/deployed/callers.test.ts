import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../scenarios/operator.ts';
import { type Address, sendJson } from '../../scenarios/sender.ts';
import { useTarget } from '../../scenarios/target.ts';
import * as wire from '../../scenarios/wire.ts';
import { type Fault, fault } from '../watched-account.ts';
import { functions, tableFails, useWatch } from './use-watch.ts';

const { operator } = useTarget();
const watch = useWatch();
const outages: Fault[] = ['throttled', 'unavailable', 'cut'];

/** What the SDK cannot compress away. */
const incompressible = (characters: number) =>
  Array.from({ length: characters }, () => Math.random().toString(36).at(-1)).join('');

function expectBusy({ status, headers, json }: Answer): void {
  expect({ status, json }).toEqual({
    status: 503,
    json: { code: 'unavailable', detail: expect.stringMatching(/^[A-Z].*\.$/) },
  });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

async function runsOf({ id }: { id: string }): Promise<number> {
  return (await operator.runs(`connector=${id}`)).items.length;
}

describe('while DynamoDB fails, the sender of an inbound webhook', () => {
  let inbound: Address & { id: string };
  beforeAll(async () => {
    inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
  });

  test.each([...outages, 'hung' as const])(
    'is told to come back, and its second try makes the only run (%s)',
    async (kind) => {
      const before = await runsOf(inbound);
      const key = { 'idempotency-key': randomUUID() };
      await watch.fail(tableFails(functions.webhook, kind));
      expectBusy(await sendJson(inbound, { kind }, key));
      await watch.fail();
      expect(await runsOf(inbound)).toBe(before);
      const second = await sendJson(inbound, { kind }, key);
      const third = await sendJson(inbound, { kind }, key);
      expect([second.status, third.status]).toEqual([200, 200]);
      expect(wire.inboundAnswer.parse(third.json)).toEqual(wire.inboundAnswer.parse(second.json));
      expect(await runsOf(inbound)).toBe(before + 1);
    },
  );

  test('gets one run when the answer of the store was lost', async () => {
    const before = await runsOf(inbound);
    await watch.fail({
      caller: functions.webhook,
      call: 'DynamoDB TransactWriteItems',
      fault: 'answer-lost',
      times: 1,
    });
    expect((await sendJson(inbound, {})).status).toBe(200);
    expect(await runsOf(inbound)).toBe(before + 1);
  });

  test('waits no longer than the calls take when they are slow', async () => {
    await watch.fail(tableFails(functions.webhook, 'slow'));
    expect((await sendJson(inbound, {})).status).toBe(200);
  });
});

describe('while S3 fails, the sender of an inbound webhook', () => {
  test.each(outages)(
    'is told to come back with a payload that is too large for a record (%s)',
    async (kind) => {
      const inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
      const payload = { text: incompressible(300_000) };
      await watch.fail({ caller: functions.webhook, service: 's3', fault: kind });
      expectBusy(await sendJson(inbound, payload));
      await watch.fail();
      expect(await runsOf(inbound)).toBe(0);
      expect((await sendJson(inbound, payload)).status).toBe(200);
    },
  );
});

describe('while DynamoDB fails', () => {
  test.each(outages)('the caller of a sync webhook is told to come back (%s)', async (kind) => {
    const sync = await operator.createConnector({ mode: 'sync', agents: ['echo'] });
    await watch.fail(tableFails(functions.webhook, kind));
    expectBusy(await sendJson(sync, {}));
    await watch.fail();
    expect(wire.syncAnswer.parse((await sendJson(sync, {})).json).result.status).toBe('completed');
  });

  test.each(outages)('an operator is told to come back, whatever it wants (%s)', async (kind) => {
    await watch.fail(tableFails(functions.api, kind));
    expectBusy(await operator.call('GET', '/runs'));
    expectBusy(await operator.call('GET', '/agents'));
    expectBusy(await operator.call('POST', '/agents/echo/runs', { payload: {} }));
    const draft = { name: 'n', type: 'webhook', mode: 'inbound', config: {}, agents: ['echo'] };
    expectBusy(await operator.call('POST', '/connectors', draft));
  });
});

describe('while others keep changing the same records', () => {
  const contended = (caller: string) =>
    ['PutItem', 'UpdateItem', 'TransactWriteItems'].map((name) => ({
      caller,
      call: `DynamoDB ${name}`,
      fault: 'contended' as const,
    }));

  test('the sender of an inbound webhook is told to come back, and its second try makes the only run', async () => {
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo', 'shout'] });
    const key = { 'idempotency-key': randomUUID() };
    await watch.fail(...contended(functions.webhook));
    expectBusy(await sendJson(inbound, { message: 'a' }, key));
    await watch.fail();
    expect(await runsOf(inbound)).toBe(0);
    expect((await sendJson(inbound, { message: 'a' }, key)).status).toBe(200);
    expect(await runsOf(inbound)).toBe(2);
  });

  test('the caller of a sync webhook is told to come back', async () => {
    const sync = await operator.createConnector({ mode: 'sync', agents: ['echo', 'count'] });
    await watch.fail(...contended(functions.webhook));
    expectBusy(await sendJson(sync, { message: 'a' }));
    await watch.fail();
    const { results = [] } = wire.syncAnswer.parse((await sendJson(sync, { message: 'a' })).json);
    expect(results.map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  test('whoever changes the connector is told to come back, and it stays as it was', async () => {
    const { id, name } = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    await watch.fail(...contended(functions.api));
    expectBusy(await operator.call('PATCH', `/connectors/${id}`, { name: 'another' }));
    await watch.fail();
    expect((await operator.connector(id)).name).toBe(name);
    expect((await operator.change(id, { name: 'another' })).name).toBe('another');
  });
});

test('faults are of the kinds that are told apart here', () => {
  const toldApart = ['none', ...outages, 'hung', 'slow', 'answer-lost', 'contended'];
  expect(fault.options.toSorted()).toEqual(toldApart.toSorted());
});
