import type { DrainPace } from '../../../core/control/drain-pace.ts';
import { holdsDeliveries } from '../../../core/control/hold.ts';
import type { DeliveryStatus } from '../../../core/deliveries/delivery.ts';
import type { DeliveryStore } from '../../../core/ports/delivery-store.ts';
import { dueDelivery, placeOf } from '../deliveries/stored-delivery.ts';
import type { RunRecords } from '../runs/run-records.ts';
import type { WaitingRun } from '../runs/slots.ts';
import { announceGraceMs } from '../runs/stored-run.ts';
import { deliveryKey, runKey } from '../store/keys.ts';
import type { WorkQueue } from '../work-queue.ts';

/** Deliveries that wait in holds, as far as holds change them. */
export interface HeldDeliveries {
  readonly hold: DeliveryStore['hold'];
  readonly queue: WorkQueue;
}

export interface HoldRecords extends RunRecords {
  readonly deliveries: HeldDeliveries;
}

/** Records written at a time. */
const writtenAtATime = 25;

/**
 * Lets runs or deliveries go on that wait in a hold: each gets a message that arrives at its time. Its own record is written
 * before its place in line is removed. If this breaks off, the reconciler
 * or the next release finds those that were not reached.
 */
export async function letGoOn(
  records: HoldRecords,
  key: string,
  runs: readonly WaitingRun[],
  { firstAt, everyMs }: Pick<DrainPace, 'firstAt' | 'everyMs'>,
  now: number,
): Promise<void> {
  /** Runs by the second in which they go on, counted from now: messages are delayed by whole seconds. */
  const bySecond = new Map<number, WaitingRun[]>();
  for (const [index, run] of runs.entries()) {
    const second = Math.max(0, Math.ceil((firstAt + index * everyMs - now) / 1_000));
    bySecond.set(second, [...(bySecond.get(second) ?? []), run]);
  }
  for (const [second, due] of bySecond) {
    for (let start = 0; start < due.length; start += writtenAtATime) {
      const portion = due.slice(start, start + writtenAtATime);
      const isOfDeliveries = holdsDeliveries(key);
      const goesOn = isOfDeliveries ? sendOn : startAgain;
      await Promise.all(
        portion.map(async (waiting) => {
          await goesOn(records, key, waiting, now + second * 1_000);
          await records.table.delete({ pk: waiting.pk, sk: waiting.sk });
        }),
      );
      await (isOfDeliveries ? records.deliveries.queue : records.queue).send(
        portion.map(({ runId, agentName }) => ({ id: runId, group: agentName })),
        second * 1_000,
      );
    }
  }
}

async function startAgain(
  { table }: HoldRecords,
  key: string,
  { runId }: WaitingRun,
  at: number,
): Promise<void> {
  await table.update(
    runKey(runId),
    { set: { dueAt: at + announceGraceMs, announcements: 0 }, remove: ['waitsFor'] },
    { expression: '#waitsFor = :key AND #status = :queued', values: { ':key': key, ':queued': 'queued' } },
  );
}

/** An operator may have dropped the delivery, or sent it. */
async function sendOn(
  { table, clock }: HoldRecords,
  _key: string,
  { runId: deliveryId }: WaitingRun,
  at: number,
): Promise<void> {
  const status: DeliveryStatus = 'pending';
  await table.update(
    deliveryKey(deliveryId),
    {
      set: {
        status,
        reason: null,
        ...placeOf(deliveryId, status).set,
        nextAttemptAt: at,
        ...dueDelivery(at, clock()),
      },
    },
    { expression: '#status = :held', values: { ':held': 'held' satisfies DeliveryStatus } },
  );
}
