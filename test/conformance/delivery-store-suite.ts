import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../src/core/deliveries/delivery.ts';
import type { DeliveryQuery } from '../../src/core/ports/delivery-store.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someConnector, someDelivery, storeEndedRun } from './samples.ts';

const until = noon + 90_000;
const refused: Attempt = {
  at: noon,
  durationMs: 12,
  statusCode: 503,
  error: 'The receiver responded with 503.',
  responseExcerpt: 'busy',
  partsSent: 2,
};
const accepted: Attempt = {
  at: noon,
  durationMs: 3,
  statusCode: 200,
  error: null,
  responseExcerpt: '',
  responseHeaders: { server: 'a' },
  sent: { method: 'POST', target: 'https://a.example', headers: { 'x-a': '1' }, bytes: 2, sha256: 'abc' },
};
const delivered = { status: 'delivered', nextAttemptAt: null } as const;

/** Deliveries: planned once, attempted by one at a time, ended and sent again. */
export function describeDeliveryStore(open: OpenPorts): void {
  describe('deliveries', () => {
    const ports = freshPorts(open);
    const stored = async (given: Parameters<typeof someDelivery>[0] = {}) => {
      const delivery = someDelivery({ runId: await storeEndedRun(ports().runs), ...given });
      await ports().deliveries.plan(delivery.runId, [delivery]);
      return delivery;
    };

    test('a plan that is repeated makes no second delivery and changes none', async () => {
      const runId = await storeEndedRun(ports().runs);
      const [a, b] = [someDelivery({ runId }), someDelivery({ runId, createdAt: noon + 1 })];
      await ports().deliveries.plan(runId, [a]);
      await ports().deliveries.claim(a.deliveryId, 'x', noon, until);
      await ports().deliveries.record(a.deliveryId, 'x', accepted, delivered);
      await ports().deliveries.plan(runId, [a, b]);
      const ofRun = await ports().deliveries.ofRun(runId);
      expect(ofRun[0]?.attempts).toEqual([accepted]);
      expect(ofRun.map(({ deliveryId, status }) => [deliveryId, status])).toEqual([
        [a.deliveryId, 'delivered'],
        [b.deliveryId, 'pending'],
      ]);
    });

    test('of messages are stored once, with the message, and listed under the run that sends them', async () => {
      const runId = await storeEndedRun(ports().runs);
      const message = { order: 7, lines: [{ text: 'two' }] };
      const delivery = someDelivery({ runId, message });
      expect(await ports().deliveries.send(delivery)).toEqual(delivery);
      expect(await ports().deliveries.ofRun(runId)).toEqual([delivery]);
      await ports().deliveries.claim(delivery.deliveryId, 'x', noon, until);
      await ports().deliveries.record(delivery.deliveryId, 'x', accepted, delivered);
      const again = await ports().deliveries.send({ ...delivery, createdAt: noon + 1 });
      expect(again).toMatchObject({ status: 'delivered', message, createdAt: delivery.createdAt });
      expect(await ports().deliveries.ofRun(runId)).toEqual([again]);
    });

    test('of messages stay listed when the results of their run are planned', async () => {
      const runId = await storeEndedRun(ports().runs);
      const [sent, planned] = [
        someDelivery({ runId, message: {} }),
        someDelivery({ runId, createdAt: noon + 1 }),
      ];
      await ports().deliveries.send(sent);
      await ports().deliveries.plan(runId, [planned]);
      const ids = (await ports().deliveries.ofRun(runId)).map(({ deliveryId }) => deliveryId);
      expect(ids.sort()).toEqual([sent.deliveryId, planned.deliveryId].sort());
    });

    test('say when they have ended, or how they are when the wait is over', async () => {
      const { deliveries, signals } = ports();
      const { deliveryId } = await stored();
      expect(await signals.whenDelivered(deliveryId, AbortSignal.abort())).toMatchObject({
        status: 'pending',
      });
      const waiting = signals.whenDelivered(deliveryId, AbortSignal.timeout(20_000));
      await deliveries.claim(deliveryId, 'x', noon, until);
      await deliveries.record(deliveryId, 'x', accepted, delivered);
      expect(await waiting).toMatchObject({ status: 'delivered', attempts: [accepted] });
      const gone = signals.whenDelivered(crypto.randomUUID(), AbortSignal.timeout(20_000));
      await expect(gone).rejects.toThrow('There is no delivery');
    });

    test('of events are stored once, with the event, and sent like others', async () => {
      const event = {
        event_id: '01a21eb2-79c2-77e0-a8d1-b16afcace634',
        type: 'run.failed',
        occurred_at: new Date(noon).toISOString(),
        summary: 'A run failed.',
        connector_id: null,
        agent_name: 'clerk',
        run_id: null,
        delivery_id: null,
      } as const;
      const delivery = someDelivery({ runId: event.event_id, event });
      await ports().deliveries.add([delivery]);
      await ports().deliveries.add([delivery]);
      expect(await ports().deliveries.get(delivery.deliveryId)).toEqual(delivery);
      const listed = await ports().deliveries.list({ limit: 10, cursor: null, status: 'pending' });
      expect(listed.items).toEqual([delivery]);
      await ports().deliveries.claim(delivery.deliveryId, 'x', noon, until);
      expect(await ports().deliveries.record(delivery.deliveryId, 'x', accepted, delivered)).toBe('recorded');
    });

    test('one of many senders gets the delivery, and only when it is due', async () => {
      const { deliveryId } = await stored({ nextAttemptAt: noon + 5 });
      const claim = (owner: string, now: number) => ports().deliveries.claim(deliveryId, owner, now, until);
      expect(await claim('early', noon + 4)).toBeNull();
      const claims = await Promise.all(['a', 'b', 'c'].map((owner) => claim(owner, noon + 5)));
      expect(claims.filter((claimed) => claimed !== null)).toHaveLength(1);
      expect(await claim('later', until - 1)).toBeNull();
      expect(await claim('after the lease', until)).toMatchObject({ deliveryId });
      expect(await ports().deliveries.record(deliveryId, 'a', accepted, delivered)).toBe('lost');
    });

    test('a failed attempt is recorded and makes the next one due', async () => {
      const { deliveryId } = await stored();
      await ports().deliveries.claim(deliveryId, 'a', noon, until);
      const next = { status: 'pending', nextAttemptAt: noon + 5_000 } as const;
      expect(await ports().deliveries.record(deliveryId, 'a', refused, next)).toBe('recorded');
      expect(await ports().deliveries.get(deliveryId)).toMatchObject({
        status: 'pending',
        attempts: [refused],
        attemptsInSchedule: 1,
        nextAttemptAt: noon + 5_000,
      });
      expect(await ports().deliveries.claim(deliveryId, 'b', noon + 4_999, until)).toBeNull();
      expect(await ports().deliveries.claim(deliveryId, 'b', noon + 5_000, until)).not.toBeNull();
    });

    test('an ended delivery takes no attempts until somebody asks for it again', async () => {
      const { deliveryId } = await stored();
      await ports().deliveries.claim(deliveryId, 'a', noon, until);
      const failed = { status: 'failed', nextAttemptAt: null } as const;
      await ports().deliveries.record(deliveryId, 'a', refused, failed);
      expect(await ports().deliveries.claim(deliveryId, 'b', until, until + 1)).toBeNull();
      expect(await ports().deliveries.record(deliveryId, 'a', accepted, delivered)).toBe('lost');

      expect(await ports().deliveries.redeliver(deliveryId, until)).toMatchObject({
        status: 'pending',
        attempts: [refused],
        attemptsInSchedule: 0,
        nextAttemptAt: until,
      });
      expect(await ports().deliveries.redeliver(deliveryId, until)).toBeNull();
      await ports().deliveries.claim(deliveryId, 'b', until, until + 1);
      await ports().deliveries.record(deliveryId, 'b', accepted, delivered);
      expect((await ports().deliveries.get(deliveryId))?.attempts).toEqual([refused, accepted]);
    });

    test('a delivery that is given back has no attempt, and is there for others', async () => {
      const { deliveryId } = await stored();
      await ports().deliveries.claim(deliveryId, 'a', noon, until);
      await ports().deliveries.release(deliveryId, 'b', noon);
      expect(await ports().deliveries.claim(deliveryId, 'c', noon, until)).toBeNull();
      await ports().deliveries.release(deliveryId, 'a', noon + 1);
      expect(await ports().deliveries.get(deliveryId)).toMatchObject({ status: 'pending', attempts: [] });
      expect(await ports().deliveries.claim(deliveryId, 'c', noon + 1, until)).not.toBeNull();
    });

    test('what waits is hurried and keeps its place in the schedule; what is due, taken or ended is left', async () => {
      const { deliveryId } = await stored();
      const { deliveries } = ports();
      expect(await deliveries.hurry(deliveryId, noon)).toBe(false);
      await deliveries.claim(deliveryId, 'a', noon, until);
      expect(await deliveries.hurry(deliveryId, noon + 1)).toBe(false);
      const next = { status: 'pending', nextAttemptAt: noon + 300_000 } as const;
      await deliveries.record(deliveryId, 'a', refused, next);
      expect(await deliveries.hurry(deliveryId, noon + 1)).toBe(true);
      const hurried = { status: 'pending', attemptsInSchedule: 1, nextAttemptAt: noon + 1 };
      expect(await deliveries.get(deliveryId)).toMatchObject(hurried);
      expect(await deliveries.claim(deliveryId, 'b', noon + 1, until)).not.toBeNull();
      await deliveries.record(deliveryId, 'b', accepted, delivered);
      expect(await deliveries.hurry(deliveryId, noon + 2)).toBe(false);
    });

    test('what waits for its next attempt is made due when somebody asks for it, what is due is not', async () => {
      const { deliveryId } = await stored();
      expect(await ports().deliveries.redeliver(deliveryId, noon)).toBeNull();
      await ports().deliveries.claim(deliveryId, 'a', noon, until);
      expect(await ports().deliveries.redeliver(deliveryId, noon + 1)).toBeNull();
      const next = { status: 'pending', nextAttemptAt: noon + 5_000 } as const;
      await ports().deliveries.record(deliveryId, 'a', refused, next);
      expect(await ports().deliveries.redeliver(deliveryId, noon + 1)).toMatchObject({
        attemptsInSchedule: 0,
        nextAttemptAt: noon + 1,
      });
      expect(await ports().deliveries.claim(deliveryId, 'b', noon + 1, until)).not.toBeNull();
    });

    test('are held by whoever has claimed them, counted, and sent or dropped when somebody says so', async () => {
      const [sent, dropped, other] = [
        await stored({ connectorId: 'x', createdAt: noon + 2 }),
        await stored({ connectorId: 'x', createdAt: noon + 1 }),
        await stored({ connectorId: 'y' }),
      ];
      const { deliveries } = ports();
      expect(await deliveries.hold(sent.deliveryId, 'a', 'It rests.')).toBe('lost');
      for (const { deliveryId } of [sent, dropped, other]) {
        await deliveries.claim(deliveryId, 'a', noon, until);
        expect(await deliveries.hold(deliveryId, 'a', 'It rests.')).toBe('held');
      }
      expect(await deliveries.get(sent.deliveryId)).toMatchObject({
        status: 'held',
        reason: 'It rests.',
        attempts: [],
        nextAttemptAt: null,
      });
      expect(await deliveries.claim(sent.deliveryId, 'b', until, until + 1)).toBeNull();
      expect(await deliveries.countHeld()).toEqual({ count: 3, oldestAt: noon, more: false });
      expect(await deliveries.countHeld('x')).toEqual({ count: 2, oldestAt: noon + 1, more: false });
      expect(await deliveries.countHeld('none')).toEqual({ count: 0, oldestAt: null, more: false });

      expect(await deliveries.redeliver(sent.deliveryId, until)).toMatchObject({
        status: 'pending',
        reason: null,
      });
      expect(await deliveries.claim(sent.deliveryId, 'b', until, until + 1)).not.toBeNull();
      expect(await deliveries.drop(sent.deliveryId, 'No.')).toBeNull();
      expect(await deliveries.drop(dropped.deliveryId, 'No.')).toMatchObject({
        status: 'cancelled',
        reason: 'No.',
      });
      expect(await deliveries.drop(dropped.deliveryId, 'No.')).toBeNull();
      expect(await deliveries.countHeld('x')).toMatchObject({ count: 0 });
    });

    test('are planned as held where their connector was disabled when the run ended', async () => {
      const held = { status: 'held', reason: 'It rests.', nextAttemptAt: null } as const;
      const delivery = await stored({ connectorId: 'x', ...held });
      expect(await ports().deliveries.get(delivery.deliveryId)).toEqual(delivery);
      expect(await ports().deliveries.claim(delivery.deliveryId, 'a', until, until + 1)).toBeNull();
      const page = await ports().deliveries.list({
        limit: 10,
        cursor: null,
        status: 'held',
        connectorId: 'x',
      });
      expect(page.items).toEqual([delivery]);
    });

    test('are cancelled with their connector, also while an attempt is being made', async () => {
      const connector = someConnector({ mode: 'outbound' });
      await ports().connectors.create(connector);
      const [waiting, sending, done, held, foreign] = [
        await stored({ connectorId: connector.id }),
        await stored({ connectorId: connector.id }),
        await stored({ connectorId: connector.id }),
        await stored({ connectorId: connector.id }),
        await stored(),
      ];
      await ports().deliveries.claim(sending.deliveryId, 'a', noon, until);
      await ports().deliveries.claim(done.deliveryId, 'a', noon, until);
      await ports().deliveries.record(done.deliveryId, 'a', accepted, delivered);
      await ports().deliveries.claim(held.deliveryId, 'a', noon, until);
      await ports().deliveries.hold(held.deliveryId, 'a', 'It rests.');
      expect(await ports().connectors.delete(connector.id)).toBe('deleted');

      const statusOf = async ({ deliveryId }: { deliveryId: string }) =>
        (await ports().deliveries.get(deliveryId))?.status;
      expect(await statusOf(waiting)).toBe('cancelled');
      expect(await statusOf(sending)).toBe('cancelled');
      expect(await ports().deliveries.get(held.deliveryId)).toMatchObject({
        status: 'cancelled',
        reason: 'The connector was deleted.',
      });
      expect(await statusOf(done)).toBe('delivered');
      expect(await statusOf(foreign)).toBe('pending');
      expect(await ports().deliveries.record(sending.deliveryId, 'a', accepted, delivered)).toBe('lost');
    });

    test('are listed newest first, page by page, by status, connector, run and time', async () => {
      const a = await stored({ connectorId: 'x', createdAt: noon });
      const b = await stored({ connectorId: 'y', createdAt: noon + 1 });
      const c = await stored({ connectorId: 'x', createdAt: noon + 2 });
      await ports().deliveries.claim(c.deliveryId, 'a', noon, until);
      await ports().deliveries.record(c.deliveryId, 'a', accepted, delivered);
      const found = async (query: Partial<DeliveryQuery>) => {
        const ids: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await ports().deliveries.list({ limit: 1, ...query, cursor });
          ids.push(...page.items.map((delivery) => delivery.deliveryId));
          cursor = page.nextCursor;
        } while (cursor !== null);
        return ids;
      };
      expect(await found({})).toEqual([c, b, a].map((delivery) => delivery.deliveryId));
      expect(await found({ status: 'pending' })).toEqual([b.deliveryId, a.deliveryId]);
      expect(await found({ status: 'delivered' })).toEqual([c.deliveryId]);
      expect(await found({ connectorId: 'x' })).toEqual([c.deliveryId, a.deliveryId]);
      expect(await found({ connectorId: 'x', status: 'pending' })).toEqual([a.deliveryId]);
      expect(await found({ runId: b.runId })).toEqual([b.deliveryId]);
      expect(await found({ from: noon + 1, to: noon + 2 })).toEqual([b.deliveryId]);
    });
  });
}
