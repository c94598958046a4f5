import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { changeConnector } from '../connectors/change-connector.ts';
import type { Connector } from '../connectors/connector.ts';
import { createConnector } from '../connectors/create-connector.ts';
import { deleteConnector } from '../connectors/delete-connector.ts';
import { Payload } from '../json/json-value.ts';
import { executeRun } from '../runs/execute-run.ts';
import { dispatchTrigger } from '../triggers/dispatch-trigger.ts';
import { deliver } from './deliver.ts';
import { planDeliveries } from './plan-deliveries.ts';
import { showDelivery } from './show-delivery.ts';

const connectorTypes = await loadConnectorTypes();

const never = new AbortController().signal;
const hour = 3_600_000;

describe('deliver', () => {
  let still: StillEngine;
  let receiver: Server;
  let url: string;
  /** The receiver's answers, in order; the last one repeats. */
  let answers: { status: number; headers?: Record<string, string> }[];
  let received: { id: string | undefined; body: string }[];

  beforeEach(async () => {
    still = await openStillEngine({ clerk: `async ({ said }) => said` }, { types: connectorTypes });
    answers = [{ status: 200 }];
    received = [];
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => (body += piece));
      request.on('end', () => {
        received.push({ id: request.headers['webhook-id']?.toString(), body });
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        response.writeHead(answer?.status ?? 500, answer?.headers).end('an answer');
      });
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const address = receiver.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`;
  });
  afterEach(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await still.close();
  });

  const outbound = async (): Promise<Connector> => {
    const created = await createConnector(still.engine, 'test', {
      name: `Receiver ${crypto.randomUUID()}`,
      type: 'webhook',
      mode: 'outbound',
      config: { url },
      agents: ['clerk'],
    });
    if (created.outcome !== 'created') throw new Error(created.detail);
    return created.connector;
  };
  /** Runs the agent once and plans its deliveries; returns their ids. */
  const planned = async (said = 'done') => {
    const agents = [still.engine.agents.get('clerk')].filter((agent) => agent !== null);
    const payload = Payload.of({ said });
    const draft = { payload, context: {}, modelInput: null, warnings: [], repeat: null, natural: null };
    const dispatched = await dispatchTrigger(still.engine, null, agents, draft);
    const runId = dispatched.outcome === 'dispatched' ? (dispatched.runs[0]?.runId ?? '') : '';
    await executeRun(still.engine, runId);
    return planDeliveries(still.engine, runId);
  };
  const attempt = (deliveryId: string) => deliver(still.engine, deliveryId, never);

  test('a plan makes one delivery for each outbound connector that wants the run, however often it is made', async () => {
    await outbound();
    await outbound();
    const [first, second] = await planned();
    const delivery = await still.engine.deliveries.get(first ?? '');
    expect(await planDeliveries(still.engine, delivery?.runId ?? '')).toEqual([first, second]);
    expect(await still.engine.deliveries.ofRun(delivery?.runId ?? '')).toHaveLength(2);
  });

  test('is done when the receiver has taken it', async () => {
    await outbound();
    const [deliveryId = ''] = await planned();
    expect(await attempt(deliveryId)).toEqual({ outcome: 'delivered' });
    expect(await attempt(deliveryId)).toEqual({ outcome: 'not-acquired' });
    expect(received).toEqual([{ id: deliveryId, body: expect.stringContaining('"status":"completed"') }]);
  });

  test('is recorded with what was sent and what came back, without credentials', async () => {
    answers = [{ status: 503, headers: { 'x-reason': 'busy', 'x-api-key': 'mine' } }, { status: 200 }];
    const connector = await outbound();
    const [deliveryId = ''] = await planned();
    const outcome = await attempt(deliveryId);
    still.now = outcome.outcome === 'retry' ? outcome.at : 0;
    await attempt(deliveryId);
    const found = await showDelivery(still.engine, deliveryId);
    if (found.outcome === 'refused') throw new Error(found.detail);
    const [first, second] = found.delivery.attempts;
    expect(first?.sent).toMatchObject({ method: 'POST', target: url });
    expect(first?.sent?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': deliveryId,
      'webhook-signature': '[redacted]',
    });
    expect(first?.responseHeaders).toMatchObject({ 'x-reason': 'busy', 'x-api-key': '[redacted]' });
    expect(second).not.toHaveProperty('sent');
    expect(found.message).toMatchObject({ body: received[0]?.body, wasSent: true, isCut: false });
    const { current } = await still.engine.secrets.get(connector.id);
    expect(JSON.stringify(found)).not.toContain(current);
  });

  test('says so where the connector has changed since the last attempt', async () => {
    const connector = await outbound();
    const [deliveryId = ''] = await planned();
    const planOnly = await showDelivery(still.engine, deliveryId);
    expect(planOnly).toMatchObject({ message: { target: url, wasSent: null } });
    await attempt(deliveryId);
    await changeConnector(still.engine, 'test', connector.id, { config: { url: `${url}/new` } });
    expect(await showDelivery(still.engine, deliveryId)).toMatchObject({
      delivery: { attempts: [{ sent: { target: url } }] },
      message: { target: `${url}/new`, wasSent: false },
    });
  });

  test('fails, and sends nothing in its place, where the output of the run is lost', async () => {
    await outbound();
    const [deliveryId = ''] = await planned('x'.repeat(200_000));
    const payloads = join(still.folder, 'payloads');
    for (const name of readdirSync(payloads)) rmSync(join(payloads, name), { recursive: true });
    expect(await attempt(deliveryId)).toEqual({ outcome: 'failed' });
    expect(received).toEqual([]);
    const error = expect.stringContaining('The output of the run is lost.');
    expect(await still.engine.deliveries.get(deliveryId)).toMatchObject({
      status: 'failed',
      attempts: [{ error }],
    });
  });

  test('tries eight times in 27 hours and a half, with the same id, and then has failed', async () => {
    answers = [{ status: 503 }];
    await outbound();
    const [deliveryId = ''] = await planned();
    const waitsMs: number[] = [];
    let outcome = await attempt(deliveryId);
    while (outcome.outcome === 'retry') {
      waitsMs.push(outcome.at - still.now);
      still.now = outcome.at - 1;
      expect(await attempt(deliveryId)).toEqual({ outcome: 'not-acquired' });
      still.now = outcome.at;
      outcome = await attempt(deliveryId);
    }
    expect(waitsMs).toEqual([5_000, 300_000, hour / 2, 2 * hour, 5 * hour, 10 * hour, 10 * hour]);
    expect(outcome).toEqual({ outcome: 'failed' });
    expect(new Set(received.map(({ id }) => id))).toEqual(new Set([deliveryId]));
    const delivery = await still.engine.deliveries.get(deliveryId);
    expect(delivery).toMatchObject({ status: 'failed', nextAttemptAt: null });
    expect(delivery?.attempts.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(503));
  });

  test('waits longer where the receiver asks for it', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '3600' } }];
    await outbound();
    const [deliveryId = ''] = await planned();
    expect(await attempt(deliveryId)).toEqual({ outcome: 'retry', at: still.now + hour });
  });

  test('a receiver that works again gets what waits at once, at its place in the schedule', async () => {
    await outbound();
    const [first = ''] = await planned('first');
    const [second = ''] = await planned('second');
    answers = [{ status: 503 }];
    await attempt(first);
    still.now += 5_000;
    await attempt(first);
    answers = [{ status: 200 }];
    still.now += 10_000;
    expect(await attempt(second)).toEqual({ outcome: 'delivered' });
    expect(await still.engine.deliveries.get(first)).toMatchObject({
      status: 'pending',
      attemptsInSchedule: 2,
      nextAttemptAt: still.now,
    });
    expect(await attempt(first)).toEqual({ outcome: 'delivered' });
  });

  test('a delivery that alone is refused keeps its schedule, whatever else is taken meanwhile', async () => {
    await outbound();
    const [refused = ''] = await planned('refused');
    const taken = [await planned('a'), await planned('b')].flat();
    for (const other of taken) {
      answers = [{ status: 500 }];
      const failed = await attempt(refused);
      answers = [{ status: 200 }];
      still.now += 1_000;
      expect(await attempt(other)).toEqual({ outcome: 'delivered' });
      const waiting = await still.engine.deliveries.get(refused);
      expect(failed).toEqual({ outcome: 'retry', at: waiting?.nextAttemptAt });
      still.now = waiting?.nextAttemptAt ?? 0;
    }
  });

  test('a wait that the receiver has asked for is not cut short', async () => {
    await outbound();
    const [asked = ''] = await planned('asked');
    const [other = ''] = await planned('other');
    answers = [{ status: 503 }];
    await attempt(asked);
    still.now += 5_000;
    answers = [{ status: 429, headers: { 'retry-after': '3600' } }];
    const failed = await attempt(asked);
    answers = [{ status: 200 }];
    await attempt(other);
    const waiting = await still.engine.deliveries.get(asked);
    expect(failed).toEqual({ outcome: 'retry', at: waiting?.nextAttemptAt });
  });

  test('a refusal for good is not repeated, and can be sent again by hand', async () => {
    answers = [{ status: 400 }, { status: 204 }];
    await outbound();
    const [deliveryId = ''] = await planned();
    expect(await attempt(deliveryId)).toEqual({ outcome: 'failed' });
    await still.engine.deliveries.redeliver(deliveryId, still.now);
    expect(await attempt(deliveryId)).toEqual({ outcome: 'delivered' });
  });

  /** What the connector's history says, newest first. */
  const historyOf = async (id: string) => {
    const { items } = await still.engine.history.list(id, { limit: 100, cursor: null });
    return items.map(({ event, detail }) => `${event}: ${detail}`);
  };

  test('a receiver that is gone disables its connector; its history and the audit log say why', async () => {
    answers = [{ status: 410 }];
    const { id } = await outbound();
    const [deliveryId = ''] = await planned();
    expect(await attempt(deliveryId)).toEqual({ outcome: 'failed' });
    expect(await still.engine.connectors.get(id)).toMatchObject({
      enabled: false,
      disabledReason: 'The receiver responded with 410 Gone.',
    });
    const { items } = await still.engine.audit.list({ limit: 1, cursor: null, subject: id });
    expect(items).toEqual([expect.objectContaining({ actor: 'system', action: 'connector.disabled' })]);
    expect(await historyOf(id)).toEqual(['connector.disabled: The receiver responded with 410 Gone.']);
    still.now += 1;
    const [heldId = ''] = await planned();
    expect(await still.engine.deliveries.get(heldId)).toMatchObject({
      status: 'held',
      reason: 'The connector was disabled: The receiver responded with 410 Gone.',
    });
  });

  test('a receiver that several attempts find gone disables its connector once', async () => {
    answers = [{ status: 410 }];
    const { id } = await outbound();
    const deliveryIds = [...(await planned()), ...(await planned()), ...(await planned())];
    await Promise.all(deliveryIds.map(attempt));
    const { items } = await still.engine.audit.list({ limit: 100, cursor: null, subject: id });
    expect(items.filter(({ action }) => action === 'connector.disabled')).toHaveLength(1);
    expect(await historyOf(id)).toHaveLength(1);
  });

  test('the history of a connector has each time that the system disabled it, and none of an operator', async () => {
    answers = [{ status: 410 }];
    const { id } = await outbound();
    for (let time = 0; time < 2; time++) {
      const [deliveryId = ''] = await planned();
      await attempt(deliveryId);
      still.now += 1_000;
      await changeConnector(still.engine, 'test', id, { enabled: true });
    }
    await changeConnector(still.engine, 'test', id, { enabled: false });
    const gone = 'connector.disabled: The receiver responded with 410 Gone.';
    expect(await historyOf(id)).toEqual([gone, gone]);
  });

  test('a receiver that is gone disables its connector, though others change it meanwhile', async () => {
    answers = [{ status: 410 }];
    const connector = await outbound();
    const [deliveryId = ''] = await planned();
    receiver.prependOnceListener('request', () => {
      void still.engine.connectors.replace({ ...connector, name: 'Renamed', version: connector.version + 1 });
    });
    await attempt(deliveryId);
    expect(await still.engine.connectors.get(connector.id)).toMatchObject({
      name: 'Renamed',
      enabled: false,
    });
  });

  test('a connector that only fails for 5 days is disabled, one that succeeds in between is not', async () => {
    answers = [{ status: 500 }];
    const { id } = await outbound();
    const failOnce = async () => {
      const [deliveryId = ''] = await planned();
      await attempt(deliveryId);
      return still.engine.connectors.get(id);
    };
    const failDaily = async (days: number) => {
      for (let day = 0; day < days; day++) {
        still.now += 24 * hour;
        await failOnce();
      }
      return still.engine.connectors.get(id);
    };
    expect(await failOnce()).toMatchObject({ enabled: true, failingSince: still.now });
    expect(await failDaily(4)).toMatchObject({ enabled: true });
    answers = [{ status: 200 }];
    expect(await failOnce()).toMatchObject({ failingSince: null, failureTally: null });
    answers = [{ status: 500 }];
    await failOnce();
    expect(await failDaily(4)).toMatchObject({ enabled: true });
    still.now += 23 * hour;
    expect(await failOnce()).toMatchObject({ enabled: true });
    expect(await failDaily(1)).toMatchObject({
      enabled: false,
      disabledReason: 'All deliveries failed for 5 days.',
    });
    expect(await historyOf(id)).toEqual(['connector.disabled: All deliveries failed for 5 days.']);
  });

  test.each([
    ['2 minutes ahead', 120_000],
    ['10 minutes ahead', 600_000],
    ['a year ahead', 365 * 24 * hour],
    ['a year back', -365 * 24 * hour],
  ])('a clock that jumps %s disables no connector', async (_jump, jumpMs) => {
    answers = [{ status: 500 }];
    const { id } = await outbound();
    const failOnce = async () => {
      const [deliveryId = ''] = await planned();
      await attempt(deliveryId);
      return still.engine.connectors.get(id);
    };
    await failOnce();
    still.now += jumpMs;
    expect(await failOnce()).toMatchObject({ enabled: true });
    still.now += 2 * hour;
    expect(await failOnce()).toMatchObject({ enabled: true });
  });

  test('failures within an hour change the connector once', async () => {
    answers = [{ status: 500 }];
    const { id } = await outbound();
    for (let count = 0; count < 5; count++) {
      const [deliveryId = ''] = await planned();
      await attempt(deliveryId);
      still.now += 60_000;
    }
    expect(await still.engine.connectors.get(id)).toMatchObject({ version: 2 });
  });

  test('a new reason is noted within a minute', async () => {
    const { id } = await outbound();
    const failOnce = async (status: number) => {
      answers = [{ status }];
      const [deliveryId = ''] = await planned();
      await attempt(deliveryId);
      return (await still.engine.connectors.get(id))?.failureTally;
    };
    const refused = { reason: 'The receiver responded with 500.', countedAt: still.now };
    expect(await failOnce(500)).toMatchObject(refused);
    still.now += 30_000;
    expect(await failOnce(503)).toMatchObject(refused);
    still.now += 30_000;
    expect(await failOnce(503)).toMatchObject({
      reason: 'The receiver responded with 503.',
      countedAt: still.now,
    });
  });

  test('a disabled connector delivers nothing: what falls due is held, without an attempt', async () => {
    const { id } = await outbound();
    const [deliveryId = ''] = await planned();
    await changeConnector(still.engine, 'test', id, { enabled: false });
    expect(await attempt(deliveryId)).toEqual({ outcome: 'held' });
    expect(await still.engine.deliveries.get(deliveryId)).toMatchObject({
      status: 'held',
      reason: 'An operator disabled the connector.',
      attempts: [],
      nextAttemptAt: null,
    });
    expect(received).toEqual([]);
  });

  test('a connector that an earlier version has disabled holds what falls due', async () => {
    const connector = await outbound();
    const [deliveryId = ''] = await planned();
    await still.engine.connectors.replace({ ...connector, enabled: false, version: connector.version + 1 });
    expect(await attempt(deliveryId)).toEqual({ outcome: 'held' });
  });

  test('a deleted connector takes its pending deliveries along', async () => {
    const { id } = await outbound();
    const [deliveryId = ''] = await planned();
    await deleteConnector(still.engine, 'test', id);
    expect(await attempt(deliveryId)).toEqual({ outcome: 'not-acquired' });
    expect(await still.engine.deliveries.get(deliveryId)).toMatchObject({ status: 'cancelled' });
  });

  test('an attempt that the end of the process interrupts counts as not made', async () => {
    await outbound();
    const [deliveryId = ''] = await planned();
    expect(await deliver(still.engine, deliveryId, AbortSignal.abort())).toEqual({ outcome: 'not-acquired' });
    expect(await still.engine.deliveries.get(deliveryId)).toMatchObject({ status: 'pending', attempts: [] });
    expect(await attempt(deliveryId)).toEqual({ outcome: 'delivered' });
  });
});
