import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  noon,
  someDelivery,
  someDispatch,
  someId,
  someKey,
  storeEndedRun,
  storeRun,
} from '../../../../test/conformance/samples.ts';
import { openTestStores, silentLog, type TestStores } from '../../../../test/embedded/test-stores.ts';
import { number } from './connection.ts';
import { createRetention } from './retention.ts';

const day = 86_400_000;
const old = noon - 31 * day;
const large = 'x'.repeat(200_000);

describe('retention', () => {
  let opened: TestStores;
  beforeEach(async () => {
    opened = await openTestStores();
  });
  afterEach(() => opened.close());

  const sweep = () => {
    const { database, stores } = opened;
    const clock = () => noon;
    return createRetention({
      database,
      files: stores.files,
      retentionDays: 30,
      clock,
      log: silentLog,
    }).sweep();
  };
  const rowsIn = (table: string) =>
    number(opened.database.statement(`SELECT count(*) AS n FROM ${table}`).get() ?? {}, 'n');
  const files = () =>
    readdirSync(path.join(opened.folder, 'payloads'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));

  test('removes nothing for a day after the clock has jumped a year ahead, and nothing ever if it is set back', async () => {
    const { runs } = opened.ports;
    const runId = await storeEndedRun(runs, { endedAt: noon }, { at: noon });
    let [now, steady] = [noon, 0];
    const pass = (ms: number) => {
      now += ms;
      steady += ms;
    };
    const warnings: unknown[] = [];
    const retention = createRetention({
      database: opened.database,
      files: opened.stores.files,
      retentionDays: 30,
      clock: () => now,
      steadyClock: () => steady,
      log: { ...silentLog, warn: (event, fields) => warnings.push({ event, ...fields }) },
    });
    const isKept = async () => (await runs.get(runId)) !== null;
    now += 365 * day;
    await retention.sweep();
    pass(23 * 3_600_000);
    await retention.sweep();
    expect([await isKept(), warnings]).toEqual([
      true,
      [{ event: 'clock.jumped', by_ms: 365 * day, detail: 'Nothing is removed for a day.' }],
    ]);
    now -= 365 * day;
    await retention.sweep();
    now += 365 * day;
    await retention.sweep();
    expect(await isKept()).toBe(true);
    pass(day);
    await retention.sweep();
    expect(await isKept()).toBe(false);
  });

  test('removes ended runs after 30 days, with all that belongs to them', async () => {
    const { runs, deliveries } = opened.ports;
    const runId = await storeEndedRun(
      runs,
      { output: large, endedAt: old },
      { at: old, run: { payload: large } },
    );
    const delivery = someDelivery({ runId, createdAt: old, status: 'failed', nextAttemptAt: null });
    await deliveries.plan(runId, [delivery]);
    const kept = await storeEndedRun(runs, { output: large }, { at: noon - 29 * day });
    expect(files()).toHaveLength(3);
    await sweep();
    expect(await runs.get(runId)).toBeNull();
    expect(await deliveries.get(delivery.deliveryId)).toBeNull();
    expect((await runs.get(kept))?.output).toBe(large);
    expect(files()).toHaveLength(1);
    for (const table of ['runs', 'triggers', 'run_results'])
      expect([table, rowsIn(table)]).toEqual([table, 1]);
  });

  test('keeps a run while a delivery of it is pending or held', async () => {
    const { runs, deliveries } = opened.ports;
    const awaited = async (status: 'pending' | 'held' | 'cancelled') => {
      const runId = await storeEndedRun(runs, { endedAt: old }, { at: old });
      await deliveries.plan(runId, [someDelivery({ runId, createdAt: old, status, nextAttemptAt: null })]);
      return runId;
    };
    const [pending, held, cancelled] = [
      await awaited('pending'),
      await awaited('held'),
      await awaited('cancelled'),
    ];
    await sweep();
    expect(await runs.get(pending)).not.toBeNull();
    expect(await runs.get(held)).not.toBeNull();
    expect(await runs.get(cancelled)).toBeNull();
    const [delivery] = await deliveries.ofRun(held);
    await deliveries.drop(delivery?.deliveryId ?? '', 'Dropped.');
    await sweep();
    expect(await runs.get(held)).toBeNull();
  });

  test('removes old deliveries of events, which no run takes with it, once they have ended', async () => {
    const { deliveries } = opened.ports;
    const event = {
      event_id: '01a21eb2-79c2-77e0-a8d1-b16afcace634',
      type: 'run.failed',
      occurred_at: new Date(old).toISOString(),
      summary: 'A run failed.',
      connector_id: null,
      agent_name: 'clerk',
      run_id: null,
      delivery_id: null,
    } as const;
    const ofEvent = (createdAt: number) => someDelivery({ runId: event.event_id, event, createdAt });
    const [ended, pending, young] = [ofEvent(old), ofEvent(old + 1), ofEvent(noon - 29 * day)];
    await deliveries.add([ended, pending, young]);
    for (const { deliveryId } of [ended, young]) {
      await deliveries.claim(deliveryId, 'x', noon, noon + 1);
      const attempt = { at: noon, durationMs: 1, statusCode: 200, error: null, responseExcerpt: '' };
      await deliveries.record(deliveryId, 'x', attempt, { status: 'delivered', nextAttemptAt: null });
    }
    await sweep();
    const left = await Promise.all(
      [ended, pending, young].map(({ deliveryId }) => deliveries.get(deliveryId)),
    );
    expect(left.map((delivery) => delivery?.status)).toEqual([undefined, 'pending', 'delivered']);
    expect(rowsIn('delivery_attempts')).toBe(1);
  });

  test('counts from the end of a run, however long it had waited in the queue', async () => {
    const { runs } = opened.ports;
    const waited = await storeEndedRun(runs, { endedAt: noon - 29 * day }, { at: noon - 90 * day });
    const older = await storeEndedRun(runs, { endedAt: noon - 31 * day }, { at: noon - 90 * day });
    await sweep();
    expect(await runs.get(waited)).not.toBeNull();
    expect(await runs.get(older)).toBeNull();
  });

  test('keeps what has not ended, and what still has a delivery to make', async () => {
    const { runs, deliveries } = opened.ports;
    const queued = await storeRun(runs, { at: old });
    const waiting = await storeEndedRun(runs, { endedAt: old }, { at: old });
    await deliveries.plan(waiting, [someDelivery({ runId: waiting, createdAt: old })]);
    await sweep();
    expect(await runs.get(queued)).not.toBeNull();
    expect(await runs.get(waiting)).not.toBeNull();
  });

  test('keeps a payload as long as one of its runs is there', async () => {
    const { runs } = opened.ports;
    const dispatch = someDispatch({ agents: ['clerk', 'poet'], at: old, run: { payload: large } });
    await runs.dispatch(dispatch);
    const [first, second] = dispatch.runs.map((run) => run.runId);
    await runs.requestCancel(first ?? '', old);
    await sweep();
    expect(await runs.get(first ?? '')).toBeNull();
    expect((await runs.get(second ?? ''))?.payload.value).toBe(large);
    await runs.requestCancel(second ?? '', old);
    await sweep();
    expect(files()).toEqual([]);
    expect(rowsIn('triggers')).toBe(0);
  });

  test('works through many runs, in portions', async () => {
    const dispatches = Array.from({ length: 250 }, () => someDispatch({ at: old }));
    await Promise.all(dispatches.map((dispatch) => opened.ports.runs.dispatch(dispatch)));
    for (const { runs } of dispatches) await opened.ports.runs.requestCancel(runs[0]?.runId ?? '', old);
    await sweep();
    expect(rowsIn('runs')).toBe(0);
  });

  test('removes what has expired: repeat keys, conversations, dead letters, old entries of the audit log', async () => {
    const { runs, sessions, deadLetters, audit } = opened.ports;
    const repeat = { key: 'k', fingerprint: 'f', validForMs: day };
    await runs.dispatch(someDispatch({ at: noon - 2 * day, repeat }));
    await runs.dispatch(someDispatch({ at: noon, repeat: { ...repeat, key: 'fresh' } }));
    await sessions.save('clerk', 'old', [], noon);
    await sessions.save('clerk', 'fresh', [], noon + 1);
    const entry = { actor: 'admin-token', action: 'run.started', subject: 's', detail: null };
    await audit.append({ ...entry, entryId: someId(), at: noon - 366 * day });
    await audit.append({ ...entry, entryId: someId(), at: old });
    const letter = { source: 's', reason: 'r', connectorId: null, runId: null, body: {} };
    await deadLetters.put({ ...letter, deadLetterId: someId(), at: old });
    await deadLetters.put({ ...letter, deadLetterId: someId(), at: noon });
    await sweep();
    for (const table of ['repeat_keys', 'sessions', 'audit_log', 'dead_letters']) {
      expect([table, rowsIn(table)]).toEqual([table, 1]);
    }
  });

  test('removes payload files that a crash has left, an hour later', async () => {
    const folder = path.join(opened.folder, 'payloads', 'ab');
    mkdirSync(folder);
    const [left, fresh] = ['left', 'fresh'].map((name) => path.join(folder, name));
    for (const file of [left, fresh]) writeFileSync(file ?? '', 'text');
    const twoHoursAgo = Date.now() / 1_000 - 7_200;
    utimesSync(left ?? '', twoHoursAgo, twoHoursAgo);
    await storeRun(opened.ports.runs, { run: { payload: large } });
    for (const file of files()) if (statSync(file).size > 1_000) utimesSync(file, twoHoursAgo, twoHoursAgo);
    await sweep();
    expect(files()).toHaveLength(2);
    expect(files()).not.toContain(left);
  });

  test('forgets API keys 90 days after they have ended, and no others', async () => {
    const { apiKeys } = opened.ports;
    const ended = (days: number) => noon - days * day;
    const keys = [
      someKey({ name: 'for ever' }),
      someKey({ name: 'expired', expiresAt: ended(91) }),
      someKey({ name: 'revoked', revokedAt: ended(91), expiresAt: noon }),
      someKey({ name: 'expired of late', expiresAt: ended(89) }),
    ];
    for (const key of keys) await apiKeys.create(key);
    await sweep();
    const { items } = await apiKeys.list({ limit: 9, cursor: null });
    expect(items.map(({ name }) => name)).toEqual(['expired of late', 'for ever']);
  });
});
