import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { type Connector, type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { noteEvent } from '../connectors/note-event.ts';
import { redeliver } from '../deliveries/redeliver.ts';
import { settleHealth } from '../polls/poll-once.ts';
import {
  type OperationalEvent,
  type OperationalEventType,
  operationalEventTypes,
} from './operational-event.ts';
import { storeDeadLetter } from './store-dead-letter.ts';

/** What receivers get. */
const operationalEvent: z.ZodType<OperationalEvent> = z.strictObject({
  event_id: z.string(),
  type: z.enum(operationalEventTypes),
  occurred_at: z.iso.datetime(),
  summary: z.string(),
  connector_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  run_id: z.string().nullable(),
  delivery_id: z.string().nullable(),
});

let product: RunningProduct;
let receiver: Receiver;
beforeAll(async () => {
  [product, receiver] = await Promise.all([runProduct(), startReceiver()]);
});
afterAll(async () => {
  await product.stop();
  await receiver.goDown();
});

const subscribe = (path: string, events: readonly OperationalEventType[] = operationalEventTypes) =>
  product.connect('outbound', [], { url: `${receiver.url}/${path}`, events: [...events] });
const requestsTo = (path: string) => receiver.requests.filter((request) => request.path.endsWith(`/${path}`));
const run = async (agent: string, payload: unknown = {}) => {
  const started = await product.call('POST', `/agents/${agent}/runs`, { payload });
  expect(started.status).toBe(202);
};

/** Makes each event happen: a new type needs a line here. */
const happens: Readonly<Record<OperationalEventType, () => Promise<unknown>>> = {
  'run.failed': () => run('fail', { reason: 'out of stock' }),
  'delivery.failed': () => deliverTo('rejecting', 400),
  'connector.failing': () => deliverTo('failing', 500),
  'connector.disabled': () => deliverTo('gone', 410),
  async 'source.failing'() {
    const { id } = await product.connect('inbound', ['echo']);
    const failed = { outcome: 'failed', reason: 'The mail server does not answer.' } as const;
    await settleHealth(product.engine, id, null, failed);
  },
  'budget.warning': () => useHalf('warned'),
  async 'budget.reached'() {
    await useHalf('used up');
    await run('echo');
  },
  'dead-letter.created': () =>
    storeDeadLetter(product.engine, {
      deadLetterId: crypto.randomUUID(),
      at: Date.now(),
      source: 'receive-event',
      reason: 'The event cannot be read.',
      connectorId: null,
      runId: null,
      body: {},
    }),
  async 'tick.missed'() {
    const { id } = await product.connect('inbound', ['echo']);
    await noteEvent(product.engine, id, 'tick.missed', { key: 'tick', timeMs: Date.now() }, 'It was late.');
  },
};

/** Delivers a result to a receiver that answers with this status. */
async function deliverTo(path: string, status: number): Promise<void> {
  answers.set(path, status);
  await product.connect('outbound', ['shout'], { url: `${receiver.url}/${path}` });
  await run('shout', { message: 'hello' });
}

/** Uses a budget of two runs of the agent `echo` once. */
async function useHalf(name: string): Promise<void> {
  const scope = { type: 'agent', id: 'echo' };
  const draft = { name, measure: 'runs', period: 'day', limit: 2, warn_at: 50, scope };
  expect((await product.call('POST', '/budgets', draft)).status).toBe(201);
  await run('echo');
}

/** By the end of the path; 200 for all others. */
const answers = new Map<string, number>();

test('events of every type arrive at a webhook that subscribes to them, signed', async () => {
  receiver.answer(({ path }) => ({ status: answers.get(path.split('/').at(-1) ?? '') ?? 200 }));
  const monitor: Connector = await subscribe('monitor');
  const received = () =>
    requestsTo('monitor').map(({ body, headers }) =>
      operationalEvent.parse(new Webhook(monitor.secret).verify(body, headers)),
    );
  for (const type of operationalEventTypes) {
    await happens[type]();
    const event = await eventually(type, async () => received().find((one) => one.type === type));
    expect(event.summary).not.toBe('');
  }
  const summaryOf = (type: OperationalEventType) => received().find((one) => one.type === type)?.summary;
  expect(summaryOf('run.failed')).toContain('out of stock');
  expect(summaryOf('source.failing')).toMatch(/^"inbound of echo .*": The mail server does not answer\.$/);
  await product.call('DELETE', `/connectors/${monitor.id}`);
});

test('subscribers that all fail hear once of each other, and then nothing more', async () => {
  for (const path of ['one', 'two']) answers.set(path, 500);
  const subscribers = [await subscribe('one'), await subscribe('two')];
  await run('fail', { reason: 'once more' });
  const typesTo = async ({ id }: Connector) => {
    const { items } = await product.engine.deliveries.list({ connectorId: id, limit: 100, cursor: null });
    return items.map(({ event }) => event?.type).sort();
  };
  const all = ['connector.failing', 'run.failed'];
  await eventually('both to hear that the other one fails', async () => {
    const types = await Promise.all(subscribers.map((one) => typesTo(one)));
    return types.every((found) => found.length === all.length);
  });
  for (let attempt = 2; attempt <= 4; attempt++) {
    for (const { id } of subscribers) {
      const { items } = await product.engine.deliveries.list({ connectorId: id, limit: 100, cursor: null });
      for (const { deliveryId } of items) await redeliver(product.engine, 'tester', deliveryId);
    }
    const wanted = attempt * subscribers.length * all.length;
    const made = () => requestsTo('one').length + requestsTo('two').length;
    await eventually(`${wanted} attempts`, async () => made() >= wanted);
  }
  for (const one of subscribers) expect(await typesTo(one)).toEqual(all);
});
