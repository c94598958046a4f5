import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { projectOf } from '../../../../test/embedded/test-project.ts';
import { silentLog, temporaryFolder } from '../../../../test/embedded/test-stores.ts';
import { loadConnectorTypes } from '../../../connectors/index.ts';
import type { Connector } from '../../../core/connectors/connector.ts';
import { createConnector } from '../../../core/connectors/create-connector.ts';
import { Payload } from '../../../core/json/json-value.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { awaitRuns } from '../../../core/runs/await-runs.ts';
import { startRun } from '../../../core/runs/start-run.ts';
import { receiveTrigger } from '../../../core/triggers/receive-trigger.ts';
import { startEmbedded } from '../runtime.ts';

const connectorTypes = await loadConnectorTypes();

const queuedRuns = 100;
const callers = 8;
const deadlineMs = 60_000;

test('the queue makes progress while callers of a sync connector never pause, and each gets its answer', async () => {
  const folder = await temporaryFolder();
  const running = startEmbedded({
    dataDir: path.join(folder, 'data'),
    project: await projectOf(folder, { work: `async () => 'done'` }),
    types: connectorTypes,
    log: silentLog,
    env: { PATH: process.env['PATH'] },
    settings: { threads: 1 },
  });
  const { engine } = running;
  const connector = await syncConnector(engine);
  let pausing = false;
  let answers = 0;
  const call = async () => {
    while (!pausing) {
      expect(await answerOf(engine, connector)).toBe('done');
      answers++;
    }
  };
  const calling = Array.from({ length: callers }, call);
  const started = await Promise.all(
    Array.from({ length: queuedRuns }, () => startRun(engine, 'test', 'work', Payload.of({}))),
  );
  const ended = started.map((one) => {
    if (one.outcome !== 'started') throw new Error(one.detail);
    return engine.signals.whenEnded(one.runId, AbortSignal.timeout(deadlineMs));
  });
  expect(new Set((await Promise.all(ended)).map(({ status }) => status))).toEqual(new Set(['completed']));
  pausing = true;
  await Promise.all(calling);
  expect(answers).toBeGreaterThanOrEqual(callers);
  await running.stop();
  await rm(folder, { recursive: true });
}, 120_000);

async function syncConnector(engine: Engine): Promise<Connector> {
  const draft = { name: 'ask', type: 'webhook', mode: 'sync', config: {}, agents: ['work'] } as const;
  const created = await createConnector(engine, 'test', { ...draft, name: crypto.randomUUID() });
  if (created.outcome !== 'created') throw new Error('the connector was refused');
  return created.connector;
}

/** The response to a caller that sends one event. */
async function answerOf(engine: Engine, connector: Connector): Promise<string | null> {
  const received = await receiveTrigger(engine, connector, async () => ({
    outcome: 'accepted',
    payload: Payload.of({}),
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: null,
  }));
  if (received.outcome !== 'accepted') throw new Error('the event was refused');
  const { runs, finished } = await awaitRuns(engine, received, deadlineMs);
  await finished;
  return runs[0]?.output ?? null;
}
