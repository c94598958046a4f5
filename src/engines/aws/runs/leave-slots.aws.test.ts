import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../../test/aws/queue-messages.ts';
import {
  newId,
  sampleConnector,
  sampleDispatch,
  sampleEnd,
  sampleInterruption,
  sampleLease,
} from '../../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../../test/aws/test-engine.ts';
import {
  type Fault,
  startWatchedAccount,
  type WatchedAccount,
} from '../../../../test/aws/watched-account.ts';
import type { Slot } from '../../../core/ports/run-store.ts';
import { awsClients } from '../clients.ts';
import type { AwsEngine } from '../runtime.ts';
import { slotKey } from '../store/keys.ts';

let made: TestEngine;
let account: WatchedAccount;
/** An engine whose calls go through the watched account. */
let engine: AwsEngine;
let warnings: string[];
let slot: Slot;

beforeAll(async () => {
  made = await testEngine();
  account = await startWatchedAccount(process.env['AWS_ENDPOINT_URL'] ?? '');
  process.env['AWS_ENDPOINT_URL'] = account.endpoint;
});
beforeEach(async () => {
  account.clear();
  await messages();
  warnings = [];
  slot = { key: newId(made.now), limit: 1 };
  const log = { info() {}, error() {}, warn: (event: string) => void warnings.push(event) };
  engine = made.another({ clients: awsClients(), log });
});
afterAll(() => account.stop());

const messages = () => takeMessages(made.clients, made.resources.runQueueUrl);

/** Makes every write of the slot's record fail while `isSo` returns true. */
function slotFails(fault: Fault, isSo = () => true): void {
  const { pk } = slotKey(slot.key);
  account.fault = ({ name, input }) =>
    /UpdateItem|TransactWriteItems/.test(name) && JSON.stringify(input).includes(pk) && isSo()
      ? fault
      : 'none';
}

async function queuedRun(agent = 'echo'): Promise<string> {
  const dispatch = sampleDispatch(made.now, { agents: [agent] });
  await made.engine.runs.dispatch(dispatch);
  return dispatch.runs[0]?.runId ?? '';
}

/** A run that holds the only place, and one that waits for it. */
async function heldAndWaiting(agent?: string) {
  const runId = await queuedRun(agent);
  const lease = sampleLease(made.now, [slot]);
  await engine.runs.claim(runId, lease);
  const waiting = await queuedRun();
  expect(await made.engine.waitForSlot(waiting, slot)).toBe('waiting');
  return { runId, waiting, owner: lease.owner };
}

const claimed = (runId: string) => made.engine.runs.claim(runId, sampleLease(made.now, [slot]));

describe('a run whose place cannot be freed', () => {
  test.each<Fault>(['contended', 'throttled', 'cut'])(
    'has ended all the same; the reconciler frees the place and announces the next run (%s)',
    async (fault) => {
      const { runId, waiting, owner } = await heldAndWaiting();
      slotFails(fault);
      expect(await engine.runs.end(runId, owner, sampleEnd(made.now))).toBe('ended');
      expect(await made.engine.runs.get(runId)).toMatchObject({ status: 'completed', attempts: 1 });
      expect(warnings).toEqual(['slot.not-freed']);
      expect(await messages()).toEqual([]);
      made.now += 60_000;
      expect(await made.engine.reconcile()).toMatchObject({ plans: 1 });
      // The queue also holds runs of earlier tests whose leases have expired.
      expect(await messages()).toContain(waiting);
      expect(await claimed(waiting)).toMatchObject({ outcome: 'claimed' });
      expect(await made.engine.reconcile()).toMatchObject({ plans: 0 });
    },
  );

  test('has its deliveries planned by the reconciler', async () => {
    const connector = sampleConnector(made.now, { mode: 'outbound', agents: ['delivering'] });
    await made.engine.connectors.create(connector);
    const { runId, owner } = await heldAndWaiting('delivering');
    slotFails('contended');
    await engine.runs.end(runId, owner, sampleEnd(made.now));
    made.now += 60_000;
    await made.engine.reconcile();
    expect(await made.engine.deliveries.ofRun(runId)).toMatchObject([{ connectorId: connector.id }]);
  });

  test('goes back into the queue all the same, and takes the same place again', async () => {
    const { runId, owner } = await heldAndWaiting();
    slotFails('contended');
    expect(await engine.runs.release(runId, owner, made.now, sampleInterruption)).toBe('released');
    expect(warnings).toEqual(['slot.not-freed']);
    expect(await messages()).toEqual([runId]);
    expect(await claimed(runId)).toMatchObject({ outcome: 'claimed' });
  });

  test('frees it when it is cancelled before its next attempt', async () => {
    const { runId, waiting, owner } = await heldAndWaiting();
    slotFails('contended');
    await engine.runs.release(runId, owner, made.now, sampleInterruption);
    await messages();
    expect(await made.engine.runs.requestCancel(runId, made.now)).toBe('cancelled');
    expect(await messages()).toEqual([waiting]);
    expect(await claimed(waiting)).toMatchObject({ outcome: 'claimed' });
  });
});

test('A released run that is claimed again at once keeps its place', async () => {
  const { runId, waiting, owner } = await heldAndWaiting();
  let again: Promise<unknown> | null = null;
  let isClaimed = false;
  slotFails('contended', () => {
    again ??= claimed(runId).then((outcome) => {
      isClaimed = true;
      return outcome;
    });
    return !isClaimed;
  });
  await engine.runs.release(runId, owner, made.now, sampleInterruption);
  expect(await again).toMatchObject({ outcome: 'claimed' });
  expect(await claimed(waiting)).toEqual({ outcome: 'busy', slot: slot.key });
});

test('An ended run is known to the planning of deliveries once it has left its place', async () => {
  const connector = sampleConnector(made.now, { mode: 'outbound', agents: ['delivering'] });
  await made.engine.connectors.create(connector);
  const { runId, owner } = await heldAndWaiting('delivering');
  await engine.runs.end(runId, owner, sampleEnd(made.now));
  const written = account.calls.filter(({ name }) => name === 'DynamoDB UpdateItem');
  expect(written.map(({ input }) => JSON.stringify(input).includes(':planned_'))).toEqual([
    false,
    false,
    true,
  ]);
});
