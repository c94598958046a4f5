import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Receiver } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const triggers = 1_000;
const clients = 16;

describe.each([
  ['while triggers are accepted', 0.3],
  ['while triggers are accepted and runs are delivered', 0.7],
  ['while the last runs are executed and delivered', 1],
])('a process that is killed %s', (_title, killAt) => {
  const folder = mkdtempSync(join(tmpdir(), 'connectors-journal-'));
  const journalFile = join(folder, 'journal');
  const target = useTarget(async () => ({ JOURNAL_FILE: journalFile, LOG_LEVEL: 'warn' }));
  const { operator } = target;

  /** Run ids by the number in the payload, of the triggers that were answered with 200. */
  const accepted = new Map<number, string>();
  /** Runs that had ended before the process was killed, as they were then. */
  let endedBefore: wire.Run[] = [];
  let runs: wire.Run[] = [];
  let connectorId = '';
  let receiver: Receiver;

  beforeAll(async () => {
    receiver = await target.startReceiver();
    const inbound = await operator.createConnector({ mode: 'inbound', agents: ['journal'] });
    connectorId = inbound.id;
    await operator.createConnector({ mode: 'outbound', agents: ['journal'], config: { url: receiver.url } });

    const killed = (async () => {
      await eventually('enough triggers', async () => accepted.size >= triggers * killAt);
      await sleep(Math.random() * 50);
      const { items } = await eventually('a run that has ended', async () => {
        const page = await operator.runs(`connector=${connectorId}&status=completed&limit=100`);
        return page.items.length > 0 && page;
      });
      endedBefore = await Promise.all(items.map(({ run_id }) => operator.run(run_id)));
      await target.process.stop('SIGKILL');
    })();
    let next = 0;
    const client = async () => {
      while (next < triggers && target.process.pid !== 0) {
        const number = next++;
        const answer = await sendJson(inbound, { number, ms: number % 40 }).catch(() => null);
        if (answer === null) return;
        expect(answer.status).toBe(200);
        accepted.set(number, wire.inboundAnswer.parse(answer.json).run_ids[0] ?? '');
      }
    };
    await Promise.all([killed, ...Array.from({ length: clients }, client)]);

    await target.process.start();
    await eventually('all runs to end', async () => {
      const waiting = await operator.runs(`connector=${connectorId}&status=queued&limit=1`);
      const going = await operator.runs(`connector=${connectorId}&status=running&limit=1`);
      return waiting.items.length + going.items.length === 0;
    });
    const listed = await operator.all(wire.runSummary, `/runs?connector=${connectorId}`);
    runs = [];
    for (const { run_id } of listed) {
      runs.push(
        await eventually(`run ${run_id} to be delivered`, async () => {
          const run = await operator.run(run_id);
          return (
            run.deliveries.every(({ status }) => status === 'delivered') && run.deliveries.length === 1 && run
          );
        }),
      );
    }
  }, 600_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('has lost none of the runs that it had accepted', () => {
    expect(accepted.size).toBeGreaterThanOrEqual(triggers * killAt);
    const known = new Map(runs.map((run) => [run.run_id, run]));
    for (const [number, runId] of accepted) {
      expect(known.get(runId)).toMatchObject({
        status: 'completed',
        output: `wrote ${number}`,
        payload: { number },
      });
    }
  });

  test('has made no run that nobody asked for: at most one for each request that was not answered', () => {
    expect(runs.length - accepted.size).toBeGreaterThanOrEqual(0);
    expect(runs.length - accepted.size).toBeLessThanOrEqual(clients);
    const numbers = runs.map((run) => JSON.stringify(run.payload));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('executes no run to completion twice', async () => {
    const executions = Map.groupBy(
      (await readFile(journalFile, 'utf8')).trimEnd().split('\n'),
      (line) => line.split(' ')[0],
    );
    for (const run of runs) {
      const times = executions.get(run.run_id)?.length ?? 0;
      expect(times).toBeGreaterThanOrEqual(1);
      expect(times).toBeLessThanOrEqual(1 + run.interruptions.length);
      expect(run.interruptions.length).toBeLessThanOrEqual(1);
      expect(run.attempts).toBeLessThanOrEqual(2);
    }
    expect(executions.size).toBe(runs.length);
  });

  test('leaves runs as they were that had ended before', () => {
    const known = new Map(runs.map((run) => [run.run_id, run]));
    expect(endedBefore.length).toBeGreaterThan(0);
    for (const { deliveries: _before, ...before } of endedBefore) {
      expect(known.get(before.run_id)).toMatchObject(before);
    }
  });

  test('delivers every run, each under one webhook-id', () => {
    const idsByRun = Map.groupBy(
      receiver.requests,
      ({ body }) => wire.runEnvelope.parse(JSON.parse(String(body))).run_id,
    );
    expect([...idsByRun.keys()].sort()).toEqual(runs.map((run) => run.run_id).sort());
    for (const run of runs) {
      const ids = new Set(idsByRun.get(run.run_id)?.map(({ headers }) => headers['webhook-id']));
      expect([...ids]).toEqual(run.deliveries.map(({ delivery_id }) => delivery_id));
    }
  });
});
