import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStillEngine, type StillEngine } from '../../../../test/embedded/test-engine.ts';
import { toolAgent } from '../../../../test/embedded/test-project.ts';
import { loadConnectorTypes } from '../../../connectors/index.ts';
import { changeConnector } from '../../../core/connectors/change-connector.ts';
import type { Connector } from '../../../core/connectors/connector.ts';
import { createConnector } from '../../../core/connectors/create-connector.ts';
import { deleteConnector } from '../../../core/connectors/delete-connector.ts';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { nextTicks, runNow } from '../../../core/schedules/operate-schedule.ts';
import { createEventSources, type EventSources } from './event-sources.ts';

const connectorTypes = await loadConnectorTypes();

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** The still engine's clock begins at noon. */
const noon = Date.UTC(2026, 10, 22, 12);

let still: StillEngine;
let sources: EventSources;

beforeEach(async () => {
  const inputSchema = { type: 'object', required: ['order_id'] };
  still = await openStillEngine(
    { clerk: 'async () => "done"', picky: 'async () => "done"' },
    { types: connectorTypes, agents: [toolAgent('clerk'), toolAgent('picky', { inputSchema })] },
  );
  sources = startSources();
});
afterEach(async () => {
  await sources.stop();
  await still.close();
});

function startSources(): EventSources {
  const started = createEventSources(still.database, still.changes, still.engine);
  started.start();
  return started;
}

async function makeCron(config: JsonObject, agents: readonly string[] = ['clerk']): Promise<Connector> {
  const draft = { name: 'cron', type: 'cron', mode: 'inbound', config, agents } as const;
  const created = await createConnector(still.engine, 'test', { ...draft, name: crypto.randomUUID() });
  if (created.outcome !== 'created') throw new Error(created.detail);
  return created.connector;
}

/** Stops the sources, lets time pass and starts them again, like a process that was down for so long. */
async function away(untilMs: number): Promise<void> {
  await sources.stop();
  still.now = untilMs;
  sources = startSources();
}

/** Resolves once the stored next tick is this one: everything before it is done then. */
async function nextTickIs(connector: Connector, tickAt: number | null): Promise<void> {
  while ((await sources.state(connector.id))?.nextEventAt !== tickAt) await sleep(5);
}

async function ticksRun(connector: Connector): Promise<string[]> {
  const { items } = await still.engine.runs.list({ connectorId: connector.id, limit: 100, cursor: null });
  const runs = await Promise.all(items.map(({ runId }) => still.engine.runs.get(runId)));
  return runs.map((run) => String(Object(run?.payload.value)['triggered_at'])).sort();
}

async function historyOf(connector: Connector): Promise<string[]> {
  const page = await still.engine.history.list(connector.id, { limit: 100, cursor: null });
  return page.items.map(({ event, detail }) => `${event} ${detail}`);
}

describe('a schedule', () => {
  test('fires at its time and moves on', async () => {
    const connector = await makeCron({ schedule: '*/10 * * * *', prompt: 'Report.' });
    await nextTickIs(connector, noon + 10 * minuteMs);
    await away(noon + 10 * minuteMs);
    await nextTickIs(connector, noon + 20 * minuteMs);
    expect(await ticksRun(connector)).toEqual(['2026-11-22T12:10:00Z']);
    expect(await historyOf(connector)).toEqual([]);
  });

  test('does not begin before its connector was made', async () => {
    const connector = await makeCron({ schedule: '0 12 * * *' });
    await nextTickIs(connector, noon + 24 * hourMs);
  });

  test('fires what it has missed within the time to catch up, and records the rest', async () => {
    const connector = await makeCron({ schedule: '* * * * *', catch_up_seconds: 150 });
    await nextTickIs(connector, noon + minuteMs);
    await away(noon + 10 * minuteMs + 1);
    await nextTickIs(connector, noon + 11 * minuteMs);
    expect(await ticksRun(connector)).toEqual([
      '2026-11-22T12:08:00Z',
      '2026-11-22T12:09:00Z',
      '2026-11-22T12:10:00Z',
    ]);
    expect(await historyOf(connector)).toEqual([
      'tick.missed 7 ticks from 2026-11-22T12:01:00Z to 2026-11-22T12:07:00Z were missed.',
    ]);
  });

  test('that was away for months comes back at once', async () => {
    const connector = await makeCron({ schedule: '* * * * *' });
    await nextTickIs(connector, noon + minuteMs);
    const later = noon + 90 * 24 * hourMs;
    await away(later + 30_000);
    await nextTickIs(connector, later + minuteMs);
    expect(await ticksRun(connector)).toEqual(['2027-02-20T12:00:00Z']);
    expect(await historyOf(connector)).toEqual([
      'tick.missed More than 1000 ticks from 2026-11-22T12:01:00Z on were missed.',
    ]);
  });

  test.each(['allow', 'skip'])(
    'makes no second run when the process ends before it has moved on (%s)',
    async (overlap) => {
      const connector = await makeCron({ schedule: '*/10 * * * *', overlap });
      await nextTickIs(connector, noon + 10 * minuteMs);
      await away(noon + 10 * minuteMs);
      await nextTickIs(connector, noon + 20 * minuteMs);
      await sources.stop();
      still.change(`UPDATE schedules SET next_tick_at = ${noon + 10 * minuteMs}`);
      sources = startSources();
      await nextTickIs(connector, noon + 20 * minuteMs);
      expect(await ticksRun(connector)).toHaveLength(1);
      expect(await historyOf(connector)).toEqual([]);
    },
  );

  test('with the policy "skip" starts nothing while a run has not ended, and records that', async () => {
    const connector = await makeCron({ schedule: '*/10 * * * *', overlap: 'skip' });
    await nextTickIs(connector, noon + 10 * minuteMs);
    for (const tick of [1, 2]) {
      await away(noon + tick * 10 * minuteMs);
      await nextTickIs(connector, noon + (tick + 1) * 10 * minuteMs);
    }
    expect(await ticksRun(connector)).toEqual(['2026-11-22T12:10:00Z']);
    expect(await historyOf(connector)).toEqual([
      'tick.skipped The tick of 2026-11-22T12:20:00Z was skipped: the previous run was still in progress.',
    ]);
    const [run] = (await still.engine.runs.list({ connectorId: connector.id, limit: 1, cursor: null })).items;
    await still.engine.runs.requestCancel(run?.runId ?? '', still.now);
    await away(noon + 30 * minuteMs);
    await nextTickIs(connector, noon + 40 * minuteMs);
    expect(await ticksRun(connector)).toEqual(['2026-11-22T12:10:00Z', '2026-11-22T12:30:00Z']);
  });

  test('without agents records that it starts nothing', async () => {
    const connector = await makeCron({ schedule: '0 13 * * *' }, []);
    await nextTickIs(connector, noon + hourMs);
    await away(noon + hourMs);
    await nextTickIs(connector, noon + 25 * hourMs);
    expect(await historyOf(connector)).toEqual([
      'tick.skipped The tick of 2026-11-22T13:00:00Z was skipped: This connector has no linked agents.',
    ]);
  });

  test('of a disabled connector rests; enabled again it misses nothing of that time', async () => {
    const connector = await makeCron({ schedule: '* * * * *' });
    await nextTickIs(connector, noon + minuteMs);
    await changeConnector(still.engine, 'test', connector.id, { enabled: false });
    await nextTickIs(connector, null);
    still.now = noon + hourMs;
    await changeConnector(still.engine, 'test', connector.id, { enabled: true });
    await nextTickIs(connector, noon + hourMs + minuteMs);
    expect(await ticksRun(connector)).toEqual([]);
    expect(await historyOf(connector)).toEqual([]);
  });

  test('that is changed counts from the change; another name or prompt changes nothing', async () => {
    const connector = await makeCron({ schedule: '0 * * * *' });
    await nextTickIs(connector, noon + hourMs);
    await changeConnector(still.engine, 'test', connector.id, { config: { schedule: '*/5 * * * *' } });
    await nextTickIs(connector, noon + 5 * minuteMs);
    still.now = noon + 4 * minuteMs;
    await changeConnector(still.engine, 'test', connector.id, { name: 'other', config: { prompt: 'Hi.' } });
    await nextTickIs(connector, noon + 5 * minuteMs);
    await changeConnector(still.engine, 'test', connector.id, { config: { timezone: 'Asia/Kolkata' } });
    await nextTickIs(connector, noon + 5 * minuteMs);
  });

  test('is gone with its connector; what happened stays to be read', async () => {
    const connector = await makeCron({ schedule: '0 13 * * *' }, []);
    await nextTickIs(connector, noon + hourMs);
    await away(noon + hourMs);
    await nextTickIs(connector, noon + 25 * hourMs);
    await deleteConnector(still.engine, 'test', connector.id);
    const count = () => still.database.statement('SELECT count(*) AS count FROM schedules').get()?.['count'];
    while (count() !== 0) await sleep(5);
    expect(await historyOf(connector)).toHaveLength(1);
  });

  test('does not wait for a wrong clock: when that is set back, the next tick is computed again', async () => {
    const connector = await makeCron({ schedule: '* * * * *' });
    await nextTickIs(connector, noon + minuteMs);
    const wrong = noon + 1_000 * 24 * hourMs;
    await away(wrong);
    await nextTickIs(connector, wrong + minuteMs);
    await away(noon + 5 * minuteMs + 1);
    await nextTickIs(connector, noon + 6 * minuteMs);
  });

  test('shows its next five ticks, and none while it is disabled', async () => {
    const connector = await makeCron({ schedule: '0 9 * * 1-5', timezone: 'Europe/Berlin' });
    expect(await nextTicks(still.engine, connector.id)).toMatchObject({
      outcome: 'found',
      schedule: { words: 'At 09:00, Monday through Friday', timeZone: 'Europe/Berlin' },
      ticks: [23, 24, 25, 26, 27].map((day) => Date.UTC(2026, 10, day, 8)),
    });
    await changeConnector(still.engine, 'test', connector.id, { enabled: false });
    expect(await nextTicks(still.engine, connector.id)).toMatchObject({ ticks: [] });
  });

  test('is fired by hand as often as somebody asks, whatever its overlap policy', async () => {
    const connector = await makeCron({ schedule: '0 9 * * *', overlap: 'skip' });
    for (const _ of [1, 2]) {
      expect(await runNow(still.engine, 'test', connector.id)).toMatchObject({ outcome: 'started' });
    }
    expect(await ticksRun(connector)).toEqual(['2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z']);
    await changeConnector(still.engine, 'test', connector.id, { enabled: false });
    expect(await runNow(still.engine, 'test', connector.id)).toMatchObject({ reason: 'connector-disabled' });
  });
});

test('an event of a schedule that does not fit its agent starts nothing, and both the history and whoever fires it learn why', async () => {
  const connector = await makeCron({ schedule: '*/10 * * * *' }, ['picky']);
  await nextTickIs(connector, noon + 10 * minuteMs);
  await away(noon + 10 * minuteMs);
  await nextTickIs(connector, noon + 20 * minuteMs);
  const why = `The payload does not fit the input schema of the agent "picky": it must have required property 'order_id'`;
  expect(await historyOf(connector)).toEqual([
    `tick.skipped The tick of 2026-11-22T12:10:00Z was skipped: ${why}.`,
  ]);
  expect(await runNow(still.engine, 'test', connector.id)).toMatchObject({
    reason: 'input-invalid',
    detail: `${why}.`,
  });
  expect(await ticksRun(connector)).toEqual([]);
});

test('a connector that is called from outside has no source', async () => {
  const draft = { name: 'hook', type: 'webhook', mode: 'inbound', config: {}, agents: [] } as const;
  const created = await createConnector(still.engine, 'test', { ...draft, name: crypto.randomUUID() });
  if (created.outcome !== 'created') throw new Error(created.detail);
  expect(await sources.state(created.connector.id)).toBeNull();
  expect(await runNow(still.engine, 'test', created.connector.id)).toMatchObject({ reason: 'no-schedule' });
  expect(await nextTicks(still.engine, created.connector.id)).toMatchObject({ reason: 'no-schedule' });
});
