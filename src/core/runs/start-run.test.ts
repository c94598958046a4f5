import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { sendJson } from '../../../test/scenarios/sender.ts';
import { RetryableError } from '../errors.ts';
import { Payload } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import { cancelRun } from './cancel-run.ts';
import { type Run, type RunStatus, runStatuses } from './run.ts';
import { runAgain } from './run-again.ts';
import { type StartOutcome, startRun } from './start-run.ts';

let product: RunningProduct;
let engine: Engine;

beforeAll(async () => {
  product = await runProduct();
  engine = product.engine;
});

afterAll(() => product.stop());

function runIn(runId: string, ...statuses: readonly RunStatus[]): Promise<Run> {
  return eventually(`run ${runId} to be ${statuses}`, async () => {
    const run = await engine.runs.get(runId);
    return run !== null && statuses.includes(run.status) && run;
  });
}

async function started(outcome: Promise<StartOutcome<string>>): Promise<string> {
  const start = await outcome;
  if (start.outcome === 'refused') throw new Error(start.detail);
  return start.runId;
}

describe('starting a run by hand', () => {
  test('runs the agent, and is written into the audit log', async () => {
    const runId = await started(startRun(engine, 'tester', 'echo', Payload.of({ message: 'hi' })));
    const run = await runIn(runId, 'completed');
    expect(run).toMatchObject({
      agentName: 'echo',
      connectorId: null,
      parentRunId: null,
      payload: { value: { message: 'hi' } },
    });
    const { items } = await engine.audit.list({ limit: 1, cursor: null, subject: runId });
    expect(items).toMatchObject([{ actor: 'tester', action: 'run.started' }]);
  });

  test('at a later time schedules it, and is written into the audit log with the time', async () => {
    const at = Date.now() + 3_600_000;
    const outcome = await startRun(engine, 'tester', 'echo', Payload.of({ message: 'hi' }), { at });
    expect(outcome).toMatchObject({ outcome: 'started', scheduledAt: at });
    const runId = await started(Promise.resolve(outcome));
    expect(await engine.runs.get(runId)).toMatchObject({ status: 'scheduled', scheduledAt: at });
    const { items } = await engine.audit.list({ limit: 1, cursor: null, subject: runId });
    const detail = `Scheduled agent "echo" for ${new Date(at).toISOString()}.`;
    expect(items).toMatchObject([{ actor: 'tester', action: 'run.scheduled', detail }]);
    await cancelRun(engine, 'tester', runId);
  });

  test('of an agent that is not there is refused', async () => {
    expect(await startRun(engine, 'tester', 'nobody', Payload.of({}))).toMatchObject({
      reason: 'agent-not-found',
      detail: 'There is no agent named "nobody".',
    });
  });

  test('beyond the most that may be scheduled starts nothing, until one of them is cancelled or has started', async () => {
    const full = await runProduct({ settings: { maxScheduledRuns: 2 } });
    const later = { payload: {}, delay_seconds: 3_600 };
    const schedule = () => full.call('POST', '/agents/echo/runs', later);
    const first = z.looseObject({ run_id: z.string() }).parse((await schedule()).json);
    expect((await schedule()).status).toBe(202);
    const detail =
      '2 runs are scheduled, which is the maximum (MAX_SCHEDULED_RUNS). Nothing was started. ' +
      'Cancel some of them, or try again later.';
    expect(await schedule()).toMatchObject({ status: 429, json: { code: 'too-many-scheduled', detail } });
    const inbound = await full.connect('inbound', ['echo']);
    const headers = { 'x-connic-secret': inbound.secret, 'x-connic-delay': '60' };
    const refused = await fetch(inbound.url, { method: 'POST', headers, body: 'hello' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60']);
    expect(await refused.json()).toEqual({ code: 'unavailable', detail });
    expect((await full.call('POST', '/agents/echo/runs', { payload: {} })).status).toBe(202);
    await full.call('POST', `/runs/${first.run_id}/cancel`);
    await eventually('room for another one', async () => (await schedule()).status === 202);
    await full.stop();
  });

  test('over capacity starts nothing', async () => {
    const full = await runProduct({ settings: { maxQueuedRuns: 0 } });
    await expect(startRun(full.engine, 'tester', 'echo', Payload.of({}))).rejects.toThrow(RetryableError);
    const all = { limit: 1, cursor: null, statuses: runStatuses };
    expect((await full.engine.runs.list(all)).items).toEqual([]);
    await full.stop();
  });
});

describe('running again', () => {
  test('makes a new run of the same connector with the same payload', async () => {
    const connector = await product.connect('inbound', ['echo']);
    await sendJson(connector, { message: 'once more' });
    const first = await eventually('the first run', async () => {
      const { items } = await engine.runs.list({ limit: 1, cursor: null, connectorId: connector.id });
      return items[0];
    });
    const againId = await started(runAgain(engine, 'tester', first.runId));
    expect(againId).not.toBe(first.runId);
    expect(await runIn(againId, 'completed')).toMatchObject({
      parentRunId: first.runId,
      connectorId: connector.id,
      payload: { value: { message: 'once more' } },
    });
  });

  test('of a run that is not there is refused', async () => {
    expect(await runAgain(engine, 'tester', 'gone')).toMatchObject({
      reason: 'run-not-found',
      detail: 'There is no run with the id "gone".',
    });
  });
});

describe('cancelling', () => {
  test('a run that is going on ends it, and only once', async () => {
    const runId = await started(startRun(engine, 'tester', 'wait', Payload.of({ ms: 20_000 })));
    await runIn(runId, 'running');
    expect(await cancelRun(engine, 'tester', runId)).toEqual({ outcome: 'cancelling' });
    await runIn(runId, 'cancelled');
    expect(await cancelRun(engine, 'tester', runId)).toMatchObject({
      reason: 'run-ended',
      detail: 'The run has already ended.',
    });
  });

  test('a run that is not there is refused', async () => {
    expect(await cancelRun(engine, 'tester', 'gone')).toMatchObject({ reason: 'run-not-found' });
  });
});
