import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Metered, meteredClients } from '../../../test/aws/metered-clients.ts';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import {
  sampleConnector,
  sampleDelivery,
  sampleDispatch,
  sampleEnd,
  sampleLease,
} from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { webhook } from '../../connectors/webhook/index.ts';
import { createConnector } from '../../core/connectors/create-connector.ts';
import { holdKeys } from '../../core/control/hold.ts';
import { deliver } from '../../core/deliveries/deliver.ts';
import { planDeliveries } from '../../core/deliveries/plan-deliveries.ts';
import { Payload } from '../../core/json/json-value.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import { awaitRuns } from '../../core/runs/await-runs.ts';
import { executeRun } from '../../core/runs/execute-run.ts';
import { dispatchTrigger, type TriggerDraft } from '../../core/triggers/dispatch-trigger.ts';
import type { AwsEngine } from '../../engines/aws/runtime.ts';
import type { Usage } from './aws-prices.ts';
import {
  budgetedCall,
  delivery,
  filteredEvent,
  holding,
  inboundRun,
  openDashboards,
  scheduling,
  sum,
  syncRun,
} from './usage.ts';

let made: TestEngine;
let engine: AwsEngine;
let takeMeter: () => Metered;
let receiver: Receiver;

beforeAll(async () => {
  const metered = await meteredClients();
  made = await testEngine({
    types: new Map([['webhook', webhook]]),
    tools: { delivering: (input: unknown) => JSON.stringify(input) },
  });
  engine = made.another({ clients: metered.clients });
  takeMeter = metered.takeMeter;
  receiver = await startReceiver();
  const created = await createConnector(engine, 'admin-token', {
    name: 'Receiver',
    type: 'webhook',
    mode: 'outbound',
    config: { url: receiver.url },
    agents: ['delivering'],
  });
  expect(created.outcome).toBe('created');
  // What a function reads once in several seconds is no part of a run.
  const runId = await dispatched('delivering', 0.5);
  await executeRun(engine, runId);
  const [deliveryId = ''] = await planDeliveries(engine, runId);
  await deliver(engine, deliveryId, new AbortController().signal);
  await takeMessages(made.clients, made.resources.deliveryQueueUrl);
});
afterAll(() => receiver.goDown());

/** An order as shops send it: half of it is structure, the other half differs from order to order. */
function draft(payloadKb: number): TriggerDraft {
  const lines: Record<string, string | number>[] = [];
  const order = { type: 'order.created', id: randomUUID(), created_at: new Date().toISOString(), lines };
  while (JSON.stringify(order).length < payloadKb * 1024 - 40) {
    lines.push({
      line_id: randomUUID(),
      sku: `SKU-${randomInt(1_000_000)}`,
      description: `Product ${randomBytes(9).toString('base64')}`,
      quantity: randomInt(1, 20),
      unit_price_cents: randomInt(10_000),
      currency: 'EUR',
      discount_percent: randomInt(50),
    });
  }
  const payload = Payload.of(order);
  return { payload, context: {}, modelInput: null, warnings: [], repeat: null, natural: null };
}

const shape = (payloadKb: number) => ({
  agentSeconds: 0,
  payloadKb,
  retentionDays: 30,
  agentMemoryMb: 512,
  connectionMinutes: 1,
  connectionMessages: 1,
  answerChunks: 0,
});
/** Lambda receives and deletes each message, in the account's name. */
const byLambda = 2;
const connector = () => sampleConnector(made.now, { type: 'webhook' });

function agent(name: string): AgentSummary {
  const found = engine.agents.get(name);
  if (found === null) throw new Error(`no agent ${name}`);
  return found;
}

async function dispatched(agentName: string, payloadKb: number): Promise<string> {
  const outcome = await dispatchTrigger(engine, connector(), [agent(agentName)], draft(payloadKb));
  if (outcome.outcome !== 'dispatched') throw new Error(outcome.outcome);
  return outcome.runs[0]?.runId ?? '';
}

/**
 * The model may exceed the measurement, because it assumes larger orders, but not by far. The emulator counts reads but
 * not their size.
 */
function expectCovers(modelled: Usage, measured: Metered): void {
  const { writeUnits = 0, readUnits = 0, queueRequests = 0, objectWrites = 0, objectReads = 0 } = modelled;
  expect(writeUnits).toBeGreaterThanOrEqual(measured.writeUnits);
  expect(writeUnits).toBeLessThan(1.6 * measured.writeUnits);
  expect(readUnits).toBeGreaterThanOrEqual(measured.readUnits);
  expect({ queueRequests, objectWrites, objectReads }).toMatchObject({
    queueRequests: measured.queueRequests,
    objectWrites: measured.objectWrites,
    objectReads: measured.objectReads,
  });
}

describe('what the cost model says that a run uses covers what the account bills', () => {
  test.each([0.5, 1, 4, 16, 90, 200])('inbound, %d kB', async (payloadKb) => {
    takeMeter();
    const runId = await dispatched('echo', payloadKb);
    await executeRun(engine, runId);
    const measured = takeMeter();
    const queueRequests = measured.queueRequests + byLambda;
    expectCovers(inboundRun(shape(payloadKb)), { ...measured, queueRequests });
  });

  test.each([0.5, 16])('sync, %d kB', async (payloadKb) => {
    takeMeter();
    const held = await dispatchTrigger(engine, connector(), [agent('echo')], draft(payloadKb), true);
    if (held.outcome !== 'dispatched' || held.owner === null) throw new Error(held.outcome);
    const runIds = held.runs.map(({ runId }) => runId);
    const accepted = {
      outcome: 'accepted',
      connector: connector(),
      runIds,
      repeated: false,
      waits: false,
    } as const;
    const awaited = await awaitRuns(engine, { ...accepted, held: { ...held, owner: held.owner } }, 10_000);
    await awaited.finished;
    expectCovers(syncRun(shape(payloadKb)), takeMeter());
  });

  test.each([0.5, 16, 400])('outbound, %d kB', async (payloadKb) => {
    const plan = await planned('delivering', payloadKb);
    const deliveryIds = await takeMessages(made.clients, made.resources.deliveryQueueUrl);
    const signal = new AbortController().signal;
    for (const deliveryId of deliveryIds)
      expect(await deliver(engine, deliveryId, signal)).toEqual({ outcome: 'delivered' });
    const attempt = takeMeter();
    expectCovers(delivery(shape(payloadKb)), {
      writeUnits: plan.writeUnits + attempt.writeUnits,
      readUnits: plan.readUnits + attempt.readUnits,
      queueRequests: plan.queueRequests + byLambda,
      objectWrites: plan.objectWrites + attempt.objectWrites,
      objectReads: plan.objectReads + attempt.objectReads,
    });
  });
});

describe('what filters, budgets, pauses, and later times add', () => {
  test.each([0.5, 16])('a scheduled run, %d kB', async (payloadKb) => {
    takeMeter();
    const later = { ...draft(payloadKb), scheduledAt: made.now + 60_000 };
    const outcome = await dispatchTrigger(engine, connector(), [agent('echo')], later);
    if (outcome.outcome !== 'dispatched') throw new Error(outcome.outcome);
    await engine.signals.announceQueued(outcome.runs);
    made.now += 61_000;
    expect(await executeRun(engine, outcome.runs[0]?.runId ?? '')).toMatchObject({ outcome: 'ended' });
    const measured = takeMeter();
    const modelled = sum(inboundRun(shape(payloadKb)), scheduling(shape(payloadKb)));
    expectCovers(modelled, { ...measured, queueRequests: modelled.queueRequests ?? 0 });
  });

  test.each([0.5, 16])('an event that a filter keeps, %d kB', async (payloadKb) => {
    const filtered = { reason: 'The filter of the connector is false: input.total > 100.', agents: ['echo'] };
    takeMeter();
    await dispatchTrigger(engine, connector(), [], { ...draft(payloadKb), filtered });
    expectCovers(filteredEvent(shape(payloadKb)), takeMeter());
  });

  test('a call of a model, for each budget that counts it', async () => {
    const counter = { budgetId: randomUUID(), from: made.now, key: '' };
    const reservation = { counter, amount: 10, limit: 1_000, expiresAt: made.now + 60_000 };
    takeMeter();
    await engine.budgets.reserve('call', [reservation], made.now + 60_000);
    await engine.budgets.settle('call', [{ counter, reserved: 10, used: 5 }]);
    expectCovers(budgetedCall, takeMeter());
  });

  test('a run that waits for a pause', async () => {
    const key = holdKeys.agent('echo');
    const runId = await dispatched('echo', 0.5);
    await engine.holds.begin({ key, since: made.now, by: 'ann', reason: 'Paused.', drainPerMinute: null });
    takeMeter();
    expect(await engine.holds.holdRun(runId, key, [], made.now)).toBe('held');
    const held = takeMeter();
    await engine.holds.drain(key, null, made.now);
    takeMeter();
    await engine.holds.release(key, made.now, made.now + engine.holds.windowMs);
    const { writeUnits, readUnits, queueRequests, ...released } = takeMeter();
    // Its record goes with its last run, in a transaction, and its line is looked at once more.
    const endOfPause = { writeUnits: 2, readUnits: 1 };
    expectCovers(holding(shape(0.5)), {
      ...released,
      writeUnits: held.writeUnits + writeUnits - endOfPause.writeUnits,
      readUnits: held.readUnits + readUnits - endOfPause.readUnits,
      queueRequests: queueRequests + byLambda,
    });
  });
});

test('A look of an open dashboard reads at most what the cost model says, and not much less', async () => {
  const busy = await testEngine({ types: new Map([['webhook', webhook]]) });
  for (let run = 0; run < 120; run++) await runWithDelivery(busy);
  await Promise.all(
    Array.from({ length: 20 }, () =>
      busy.engine.connectors.create(sampleConnector(busy.now, { agents: ['echo'] })),
    ),
  );
  const metered = await meteredClients();
  const { changes } = busy.another({ clients: metered.clients }).signals;
  if (changes.kind !== 'asked') throw new Error('nothing to ask');
  const { place } = await changes.since(null);
  expect(place.length).toBeGreaterThan(6 * 110);
  const looksPerHour = 3_600 / 5;
  const modelled = (openDashboards(1).readUnits ?? 0) / looksPerHour;
  const { readUnits } = metered.takeMeter();
  expect(readUnits).toBeLessThanOrEqual(modelled);
  expect(readUnits).toBeGreaterThan(0.8 * modelled);
});

/** Stores a run of a model, with a failed delivery. */
async function runWithDelivery({ engine: { runs, deliveries }, now }: TestEngine): Promise<void> {
  const dispatch = sampleDispatch(now, { agents: ['an-agent-with-a-name'], connectorId: randomUUID() });
  const runId = dispatch.runs[0]?.runId ?? '';
  await runs.dispatch(dispatch);
  const lease = sampleLease(now);
  await runs.claim(runId, lease);
  const tokenUsage = { input: 12_345, output: 1_234, total: 13_579, cached: 1_234, reasoning: 123 };
  const model = 'anthropic/claude-sonnet-4-5';
  await runs.end(runId, lease.owner, sampleEnd(now, { tokenUsage, costUsd: 0.012345, model }));
  const connectorId = randomUUID();
  await deliveries.plan(runId, [
    sampleDelivery(now, { runId, agentName: 'an-agent-with-a-name', connectorId }),
  ]);
}

/** Usage of planning the deliveries of a run that this agent has ended. */
async function planned(agentName: string, payloadKb: number): Promise<Metered> {
  const runId = await dispatched(agentName, payloadKb);
  await executeRun(engine, runId);
  takeMeter();
  await planDeliveries(engine, runId);
  return takeMeter();
}
