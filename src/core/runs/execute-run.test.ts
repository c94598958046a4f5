import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { llmAgent } from '../../../test/agents/run-one.ts';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { toolAgent } from '../../../test/embedded/test-project.ts';
import type { ToolAgent } from '../../agents/agent-definition.ts';
import type { Budget } from '../budgets/budget.ts';
import { openBudget } from '../budgets/budgets-of.ts';
import { holdKeys } from '../control/hold.ts';
import { RetryableError } from '../errors.ts';
import { type JsonObject, Payload } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import { dispatchTrigger } from '../triggers/dispatch-trigger.ts';
import { executeClaimedRun, executeRun } from './execute-run.ts';
import { runAgain } from './run-again.ts';

describe('executeRun', () => {
  let still: StillEngine;
  afterEach(() => still.close());

  const open = async (code: string, given: Partial<ToolAgent> = {}) => {
    still = await openStillEngine({ clerk: code }, { agents: [toolAgent('clerk', given)] });
    return still.engine;
  };
  const dispatch = async (payload: JsonObject = {}) => {
    const agents = [still.engine.agents.get('clerk')].filter((agent) => agent !== null);
    const draft = {
      payload: Payload.of(payload),
      context: {},
      modelInput: null,
      warnings: [],
      repeat: null,
      natural: null,
    };
    const dispatched = await dispatchTrigger(still.engine, null, agents, draft);
    return dispatched.outcome === 'dispatched' ? (dispatched.runs[0]?.runId ?? '') : '';
  };

  test('executes a queued run once and stores its end', async () => {
    const engine = await open(`async ({ n }) => n + 1`);
    const runId = await dispatch({ n: 1 });
    expect(await executeRun(engine, runId)).toMatchObject({
      outcome: 'ended',
      run: { status: 'completed', output: '2' },
    });
    expect(await engine.runs.get(runId)).toMatchObject({ status: 'completed', output: '2', attempts: 1 });
    expect((await engine.runs.trace(runId)).spans.length).toBeGreaterThan(0);
    expect(await executeRun(engine, runId)).toEqual({ outcome: 'not-acquired' });
  });

  test('two executors at once: one executes, the other stands back', async () => {
    const engine = await open(`async () => 'once'`);
    const runId = await dispatch();
    const outcomes = await Promise.all([executeRun(engine, runId), executeRun(engine, runId)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['ended', 'not-acquired']);
  });

  test.each([
    ['gone', /^The payload of the run is lost\. Its file cannot be read \(ENOENT\)\.$/, rmSync],
    ['torn', /^The payload of the run is damaged/, (file: string) => writeFileSync(file, '{"text":"xx')],
  ])(
    'a run whose payload is %s fails at once with that reason, and can still be looked at',
    async (_, reason, harm) => {
      const engine = await open(`async () => 'done'`);
      const runId = await dispatch({ text: 'x'.repeat(200_000) });
      const files = readdirSync(join(still.folder, 'payloads'), { recursive: true, withFileTypes: true });
      for (const file of files) if (file.isFile()) harm(join(file.parentPath, file.name));
      const failed = {
        status: 'failed',
        error: { code: 'payload-unreadable', message: expect.stringMatching(reason) },
      };
      expect(await executeRun(engine, runId)).toMatchObject({ outcome: 'ended', run: failed });
      expect(await engine.runs.get(runId)).toMatchObject({ ...failed, payload: { value: null } });
      const searched = await engine.runs.list({ limit: 9, cursor: null, search: 'xxx' });
      expect(searched.items).toEqual([]);
      expect(await runAgain(engine, 'test', runId)).toMatchObject({ reason: 'payload-unreadable' });
    },
  );

  test("an agent's own failure ends the run; it is not tried again", async () => {
    const engine = await open(`async () => { throw new Error('no such order'); }`);
    const runId = await dispatch();
    expect(await executeRun(engine, runId)).toMatchObject({
      run: { status: 'failed', error: { code: 'tool-error' } },
    });
    expect((await engine.runs.get(runId))?.attempts).toBe(1);
  });

  test('a run that fails is a warning in the log, with its message', async () => {
    const engine = await open(`async () => { throw new Error('no such order'); }`);
    const runId = await dispatch();
    const warned: unknown[] = [];
    const log: Engine['log'] = { ...engine.log, warn: (event, fields) => warned.push([event, fields]) };
    await executeRun({ ...engine, log }, runId);
    expect(warned).toMatchObject([
      ['run.ended', { run_id: runId, status: 'failed', error: expect.stringContaining('no such order') }],
    ]);
  });

  test('a platform that fails is tried again after 1 s, 10 s and then each minute, and given up after 20 times', async () => {
    // An agent that fails to load ends every thread that is to execute it.
    const engine = await open(`(() => { throw new Error('not today'); })()`);
    const runId = await dispatch();
    const waitsMs = [1_000, 10_000, ...Array<number>(17).fill(60_000)];
    for (const waitMs of waitsMs) {
      expect(await executeRun(engine, runId)).toMatchObject({ outcome: 'released' });
      expect(await engine.runs.get(runId)).toMatchObject({ status: 'queued' });
      still.now += waitMs - 1;
      expect(await executeRun(engine, runId)).toEqual({ outcome: 'not-acquired' });
      still.now += 1;
    }
    await executeRun(engine, runId);
    expect(await engine.runs.get(runId)).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: {
        code: 'interrupted',
        message:
          'The run was interrupted 20 times by other causes. The last time, its thread could not start: not today.',
      },
    });
  }, 60_000);

  test('a run of an agent that is not known yet waits for it for ten minutes after it was queued, and then fails', async () => {
    const engine = await open(`async () => 'done'`);
    const runId = await dispatch();
    const queuedAt = still.now;
    const before: Engine = { ...engine, agents: { ...engine.agents, get: () => null } };
    let releases = 0;
    while (still.now - queuedAt < 600_000) {
      expect(await executeRun(before, runId)).toEqual({
        outcome: 'released',
        reason: 'the executor knew no agent named "clerk", which a deployment may be about to bring',
      });
      releases++;
      still.now += 60_000;
    }
    expect(releases).toBe(10);
    expect(await executeRun(before, runId)).toMatchObject({ outcome: 'ended' });
    expect(await engine.runs.get(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'agent-missing', message: 'The project has no agent named "clerk".' },
    });
  });

  test('a run that waited for its agent is executed as soon as an executor knows it, with all its attempts left', async () => {
    const engine = await open(`async () => 'done'`);
    const runId = await dispatch();
    const before: Engine = { ...engine, agents: { ...engine.agents, get: () => null } };
    for (let look = 0; look < 5; look++) {
      await executeRun(before, runId);
      still.now += 60_000;
    }
    expect(await executeRun(engine, runId)).toMatchObject({ run: { status: 'completed', attempts: 1 } });
  });

  test('a cancelled run ends as cancelled, also where its agent is not known', async () => {
    const engine = await open(`async () => 'done'`);
    const runId = await dispatch();
    const lease = { now: still.now, until: still.now + 1, slots: [], ifLost: 'bystander' as const };
    await engine.runs.claim(runId, { ...lease, owner: 'gone' });
    await engine.runs.requestCancel(runId, still.now);
    still.now += 1;
    const before: Engine = { ...engine, agents: { ...engine.agents, get: () => null } };
    expect(await executeRun(before, runId)).toMatchObject({ run: { status: 'cancelled' } });
  });

  test('an error that nobody foresaw is told to the log alone: the run says only that there was one', async () => {
    const engine = await open(`async () => 'done'`);
    const runId = await dispatch();
    const logged: unknown[] = [];
    const load = async () => {
      throw new TypeError("Cannot read properties of undefined (reading 'innerTable')");
    };
    const broken: Engine = {
      ...engine,
      runs: { ...engine.runs, load },
      log: { ...engine.log, error: (event, fields) => logged.push([event, fields]) },
    };
    for (let attempt = 1; attempt <= 20; attempt++) {
      await executeRun(broken, runId);
      still.now += 60_000;
    }
    const run = await engine.runs.get(runId);
    expect(run).toMatchObject({
      status: 'failed',
      error: {
        code: 'interrupted',
        message:
          'The run was interrupted 20 times by other causes. The last time, an unexpected error interrupted it; see the log of the service.',
      },
    });
    expect(JSON.stringify(run)).not.toContain('innerTable');
    expect(logged[0]).toMatchObject([
      'run.broken-off',
      { run_id: runId, reason: expect.stringContaining('innerTable'), stack: expect.any(String) },
    ]);
  });

  test('a run that breaks its thread alone is given up after three times, and says what happened', async () => {
    const engine = await open(`async () => process.reallyExit(3)`);
    const runId = await dispatch();
    for (let attempt = 1; attempt <= 3; attempt++) {
      await executeRun(engine, runId);
      still.now += 60_000;
    }
    const run = await engine.runs.get(runId);
    expect(run).toMatchObject({ status: 'failed', attempts: 3, error: { code: 'attempts-exhausted' } });
    expect(run?.error?.message).toBe(
      'All 3 attempts of the run crashed its worker: (1) its thread ended: it exited with code 3; ' +
        '(2) its process ended: it exited with code 3; (3) its process ended: it exited with code 3.',
    );
  });

  test('a run that never ended is given up after its leases have run out three times, and its payload not read again', async () => {
    const engine = await open(`async () => 'done'`, { timeoutSeconds: 10 });
    const runId = await dispatch({ text: 'x'.repeat(200_000) });
    const payloads = join(still.folder, 'payloads');
    for (const name of readdirSync(payloads)) rmSync(join(payloads, name), { recursive: true });
    for (let attempt = 1; attempt <= 3; attempt++) {
      const lease = {
        owner: `gone-${attempt}`,
        now: still.now,
        until: still.now + 70_000,
        slots: [],
        ifLost: 'culprit' as const,
      };
      expect((await engine.runs.claim(runId, lease)).outcome).toBe('claimed');
      still.now += 70_000;
    }
    await executeRun(engine, runId);
    expect(await engine.runs.get(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'attempts-exhausted', message: expect.stringContaining('All 3 attempts') },
    });
  });

  test('a run whose cancellation was requested while nobody executed it ends as cancelled', async () => {
    const engine = await open(`async () => 'done'`);
    const runId = await dispatch();
    await engine.runs.claim(runId, {
      owner: 'gone',
      now: still.now,
      until: still.now + 1,
      slots: [],
      ifLost: 'culprit' as const,
    });
    await engine.runs.requestCancel(runId, still.now);
    still.now += 1;
    expect(await executeRun(engine, runId)).toMatchObject({ run: { status: 'cancelled' } });
  });

  test('a run whose cancellation was requested ends though its agent has been paused meanwhile', async () => {
    const engine = await open(`async () => 'done'`);
    const runId = await dispatch();
    const until = still.now + 1;
    await engine.runs.claim(runId, { owner: 'gone', now: still.now, until, slots: [], ifLost: 'culprit' });
    await engine.runs.requestCancel(runId, still.now);
    const pause = { by: 'jane', reason: 'The agent is paused.', drainPerMinute: null };
    await engine.holds.begin({ ...pause, key: holdKeys.agent('clerk'), since: still.now });
    still.now = until;
    expect(await executeRun(engine, runId)).toMatchObject({ run: { status: 'cancelled' } });
  });

  /** A run that `me` holds. Its cancellation is requested after the claim, as far as the executor knows. */
  const claimedBeforeCancel = async () => {
    const runId = await dispatch();
    const lease = { owner: 'me', now: still.now, until: still.now + 1_000, slots: [] };
    const claimed = await still.engine.runs.claim(runId, { ...lease, ifLost: 'culprit' });
    if (claimed.outcome !== 'claimed') throw new Error('the run is free');
    await still.engine.runs.requestCancel(runId, still.now);
    return claimed.run;
  };

  test('a run whose cancellation was requested ends where it would wait for a budget', async () => {
    const engine = await open(`async () => 'done'`);
    const budget: Budget = {
      budgetId: 'daily',
      name: 'daily',
      scope: { type: 'deployment', id: null },
      ...{ measure: 'tokens', period: 'day', timeZone: 'UTC', limit: 1, warnAt: null, onLimit: 'hold' },
      ...{ createdAt: still.now, version: 1 },
    };
    await engine.budgets.create(budget);
    const { counter, expiresAt } = openBudget(budget, '', still.now);
    await engine.budgets.reserve('call', [{ counter, amount: 1, limit: 1, expiresAt }], still.now + 1_000);
    await engine.budgets.settle('call', [{ counter, reserved: 1, used: 1 }]);
    const run = await claimedBeforeCancel();
    expect(await executeClaimedRun(engine, run, 'me', engine.runs.load)).toMatchObject({
      outcome: 'ended',
      run: { status: 'cancelled' },
    });
  });

  test('a run whose cancellation was requested ends where its attempt is interrupted', async () => {
    const engine = await open(`async () => 'done'`);
    const run = await claimedBeforeCancel();
    const load = () => Promise.reject(new RetryableError('The disk is full.'));
    expect(await executeClaimedRun(engine, run, 'me', load)).toMatchObject({
      outcome: 'ended',
      run: { status: 'cancelled' },
    });
  });

  test('an agent goes on with the conversation of its key for as long as it is kept after its last run', async () => {
    const clerk = llmAgent('clerk', { session: { key: 'input.customer', ttlSeconds: 60 } });
    still = await openStillEngine({}, { agents: [clerk] });
    const { sessions } = still.engine;
    const say = async (customer: string) => {
      const runId = await dispatch({ customer, message: 'say hello' });
      expect(await executeRun(still.engine, runId)).toMatchObject({ run: { status: 'completed' } });
    };
    await say('ada');
    still.now += 30_000;
    await say('ada');
    await say('grace');
    expect(await sessions.load('clerk', 'ada', still.now + 59_999)).toHaveLength(4);
    expect(await sessions.load('clerk', 'grace', still.now)).toHaveLength(2);
    expect(await sessions.load('clerk', 'ada', still.now + 60_000)).toEqual([]);
  });

  test('over its limit a run is busy and waits; over its key it is dropped where the agent says so', async () => {
    const engine = await open(`async () => 'done'`, {
      maxConcurrentRuns: 2,
      concurrency: { key: 'order', onConflict: 'drop' },
    });
    const hold = async (runId: string, keys: readonly string[]) => {
      const slots = keys.map((key, index) => ({ key, limit: index === 0 ? 2 : 1 }));
      await engine.runs.claim(runId, {
        owner: 'x',
        now: still.now,
        until: still.now + 99_999,
        slots,
        ifLost: 'suspect' as const,
      });
    };
    await hold(await dispatch({ order: 'A' }), ['clerk', 'clerk\nA']);
    const dropped = await dispatch({ order: 'A' });
    expect(await executeRun(engine, dropped)).toMatchObject({
      run: { status: 'cancelled', error: { code: 'concurrency-dropped' } },
    });
    await hold(await dispatch({ order: 'B' }), ['clerk', 'clerk\nB']);
    const waiting = await dispatch({ order: 'C' });
    expect(await executeRun(engine, waiting)).toEqual({
      outcome: 'busy',
      slot: { key: 'clerk', limit: 2 },
    });
    expect(await engine.runs.get(waiting)).toMatchObject({ status: 'queued', attempts: 0 });
  });
});
