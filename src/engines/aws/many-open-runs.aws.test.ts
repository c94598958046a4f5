import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { newId, sampleConnector, sampleDispatch, sampleEnd, sampleLease } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import type { RunStatus } from '../../core/runs/run.ts';
import { newRunItem } from './runs/stored-run.ts';

/** More than the newest thousand of each partition of open runs. */
const openRuns = 8_400;
const connectorId = '11111111-1111-4111-8111-111111111111';

let made: TestEngine;
/** Newest first; the deliveries of the first of them are not planned. */
let failed: string[];
let running: string;

beforeAll(async () => {
  made = await testEngine();
  await made.engine.connectors.create(
    sampleConnector(made.now, { mode: 'outbound', agents: ['delivering'] }),
  );
  running = await runIn('running', 'echo');
  const closed: string[] = [];
  for (let run = 0; run < 6; run++) closed.unshift(await runIn('failed', 'echo'));
  failed = [await runIn('failed', 'delivering'), ...closed];
  await queueMany();
});

async function runIn(status: 'running' | 'failed', agent: string): Promise<string> {
  made.now += 1;
  const dispatch = sampleDispatch(made.now, { agents: [agent], connectorId });
  const runId = dispatch.runs[0]?.runId ?? '';
  await made.engine.runs.dispatch(dispatch);
  const lease = sampleLease(made.now);
  await made.engine.runs.claim(runId, lease);
  if (status === 'failed') {
    const error = { code: 'tool-error', message: 'The disk is full.' };
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now, { status, error }));
  }
  return runId;
}

/** Queued later than all others, by another connector. */
async function queueMany(): Promise<void> {
  const [sample] = sampleDispatch(made.now).runs;
  if (sample === undefined) throw new Error('a sample without a run');
  const items = Array.from({ length: openRuns }, (_, index) => {
    const queuedAt = made.now + 1 + index;
    return newRunItem(
      { ...sample, runId: newId(queuedAt), queuedAt, connectorId: newId(1) },
      null,
      2_000_000_000,
    );
  });
  for (let start = 0; start < items.length; start += 25) {
    const writes = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    const request = { [made.resources.tableName]: writes };
    await made.clients.dynamo.send(new BatchWriteCommand({ RequestItems: request }));
  }
  made.now += 1 + openRuns;
}

async function firstPage(statuses: readonly RunStatus[], limit: number, of = {}) {
  const page = await made.engine.runs.list({ statuses, limit, cursor: null, ...of });
  return { ids: page.items.map(({ runId }) => runId), nextCursor: page.nextCursor };
}

describe('behind thousands of runs that wait', () => {
  test.each([{}, { connectorId }])('the page of failed runs is full (%j)', async (of) => {
    const first = await firstPage(['failed'], 4, of);
    expect(first.ids).toEqual(failed.slice(0, 4));
    const second = await made.engine.runs.list({
      statuses: ['failed'],
      limit: 4,
      cursor: first.nextCursor,
      ...of,
    });
    expect(second.items.map(({ runId }) => runId)).toEqual(failed.slice(4));
    expect(second.nextCursor).toBeNull();
  });

  test('a run that goes on is on the first page of those', async () => {
    expect((await firstPage(['running'], 10)).ids).toEqual([running]);
    expect((await firstPage(['queued', 'running'], 1, { connectorId })).ids).toEqual([running]);
  });
});
