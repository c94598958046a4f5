import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { startProduct } from '../product-process.ts';
import { eventually } from './eventually.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

// No scenario waits for the end of this drain.
const target = useTarget(async () => ({ DRAIN_SECONDS: '120' }));
const { operator } = target;
const impatient = useTarget(async () => ({ DRAIN_SECONDS: '1' }));

describe('a process that is asked to stop', () => {
  const closedDoor = async () => {
    const door = await target.startReceiver();
    door.answer(() => ({ status: 503 }));
    return { ...door, url: door.url, open: () => door.answer(() => ({ status: 200 })) };
  };

  /** Resolves once it has begun to stop. */
  const askToStop = async () => {
    const { process } = target;
    const before = process.output().length;
    const exitCode = process.stop('SIGTERM');
    await eventually('the stop', async () => process.output().slice(before).includes('Stopping'));
    return { exitCode };
  };

  test('answers whoever waits, ends by itself, and goes on with the rest when it starts again', async () => {
    const door = await closedDoor();
    const sync = await operator.createConnector({ mode: 'sync', agents: ['held'] });
    const waiting = sendJson(sync, { until: door.url });
    await eventually('the run', async () => door.requests.length > 0);
    const queued = await Promise.all(
      Array.from({ length: 20 }, () => operator.startRun('single-file', { ms: 100 })),
    );

    const stop = await askToStop();
    door.open();
    const answer = await waiting;
    expect(wire.syncAnswer.parse(answer.json).result).toMatchObject({ status: 'completed' });
    expect(await stop.exitCode).toBe(0);

    await target.process.start();
    for (const runId of queued) {
      expect(await operator.ended(runId)).toMatchObject({ status: 'completed', attempts: 1 });
    }
  });

  test('answers a caller whose run takes longer than the drain with 202 and the place of its run', async () => {
    const { operator, process } = impatient;
    const door = await closedDoor();
    const sync = await operator.createConnector({ mode: 'sync', agents: ['held'] });
    const waiting = sendJson(sync, { until: door.url });
    await eventually('the run', async () => (await operator.runs(`connector=${sync.id}`)).items.length === 1);
    expect(await process.stop('SIGTERM')).toBe(0);
    const answer = await waiting;
    expect(answer.status).toBe(202);
    const { run_id } = wire.syncAnswer.parse(answer.json).result;
    expect(answer.headers.get('location')).toBe(`/api/v1/runs/${run_id}`);
    door.open();
    await process.start();
    expect(await operator.ended(run_id)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('starts no run that waits in the queue while a caller still waits for its answer', async () => {
    const [ofCaller, ofFirst, ofSecond] = [await closedDoor(), await closedDoor(), await closedDoor()];
    const sync = await operator.createConnector({ mode: 'sync', agents: ['held'] });
    const waiting = sendJson(sync, { until: ofCaller.url });
    await operator.startRun('single-held', { until: ofFirst.url });
    await eventually('the first run', async () => ofCaller.requests.length * ofFirst.requests.length > 0);
    const second = await operator.startRun('single-held', { until: ofSecond.url });
    const stop = await askToStop();
    ofFirst.open();
    await sleep(1_000);
    ofCaller.open();
    expect((await waiting).status).toBe(200);
    await stop.exitCode;
    expect(ofSecond.requests).toEqual([]);
    ofSecond.open();
    await target.process.start();
    expect(await operator.ended(second)).toMatchObject({ status: 'completed', attempts: 1 });
  });
});

describe('a second process on the same data folder', () => {
  test('is refused with a sentence, and does not disturb the first', async () => {
    const second = startProduct({
      projectDir: join(import.meta.dirname, 'project'),
      token: target.token,
      dataDir: target.process.dataDir,
    });
    await expect(second).rejects.toThrow(/data folder.*(in use|used|another process)/is);
    await expect(second).rejects.not.toThrow(/\n\s+at /);
    const runId = await operator.startRun('shout', { message: 'undisturbed' });
    expect((await operator.ended(runId)).output).toBe('UNDISTURBED');
  });
});
