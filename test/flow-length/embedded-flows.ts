import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Receiver, startReceiver } from '../receivers/recording-receiver.ts';
import { createdConnector, type FlowFiles, filesInEach, rounds } from './flow-files.ts';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';

const token = 'flow-length';
/** For the records of a delivery that has just arrived, in ms: what comes later still is not counted. */
const afterwardsMs = 500;
/** Long enough for every timer of the engine to have rung. */
const timersMs = 3_000;

/** Measures the flows on the embedded engine, in a process as `npm start` starts it. */
export async function embeddedFlows(): Promise<FlowFiles> {
  const dataDir = await mkdtemp(join(tmpdir(), 'flow-length-'));
  const receiver = await startReceiver();
  const measured = startMeasured('bin/connectors.ts', ['start'], {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: '0',
    DATA_DIR: dataDir,
    PROJECT_DIR: 'test/scenarios/project',
    ADMIN_TOKEN: token,
    ALLOW_PRIVATE_TARGETS: '1',
  });
  try {
    const address = await readyAddress(measured);
    return await measure(measured, address, receiver);
  } finally {
    await measured.stop();
    await receiver.goDown();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(measured: MeasuredProcess, address: string, receiver: Receiver) {
  const inbound = await create(address, 'inbound', {});
  await create(address, 'outbound', { url: receiver.url });
  const deliverOne = async () => {
    const before = receiver.requests.length;
    const body = JSON.stringify({ order: 'A-1' });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${inbound.secret}` };
    const answer = await fetch(inbound.url ?? '', { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    while (receiver.requests.length === before) await sleep(5);
    await sleep(afterwardsMs);
  };
  // The first request loads what is loaded when it is needed.
  await deliverOne();
  await create(address, 'inbound', {});
  const anyway = await measured.functionsOf(() => sleep(timersMs));
  const delivered = await filesInEach(rounds, () => measured.functionsOf(deliverOne), anyway);
  const created = await filesInEach(
    rounds,
    () => measured.functionsOf(async () => void (await create(address, 'inbound', {}))),
    anyway,
  );
  return { delivered, created };
}

/** Makes a connector as the dashboard does. */
async function create(address: string, mode: string, config: object) {
  const name = `${mode} ${crypto.randomUUID().slice(0, 8)}`;
  const answer = await fetch(`${address}/api/v1/connectors`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, type: 'webhook', mode, agents: ['echo'], config }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  return createdConnector.parse(await answer.json());
}

async function readyAddress(measured: MeasuredProcess): Promise<string> {
  for (;;) {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(measured.output())?.[0];
    const health = address === undefined ? null : await fetch(`${address}/health`).catch(() => null);
    if (address !== undefined && health?.ok) return address;
    if (measured.child.exitCode !== null) throw new Error(measured.output());
    await sleep(20);
  }
}
