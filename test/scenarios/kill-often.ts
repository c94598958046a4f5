import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductProcess } from '../product-process.ts';
import type { Receiver } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import type { Operator } from './operator.ts';
import { sendJson } from './sender.ts';
import * as wire from './wire.ts';

/** How many send at a time. */
const senders = 8;

interface KilledProduct {
  readonly process: ProductProcess;
  readonly operator: Operator;
  readonly receiver: Receiver;
}

/** What became of everything that was accepted while the process was killed again and again. */
export interface Aftermath {
  readonly accepted: readonly string[];
  readonly completed: readonly string[];
  /** Those that ended in another way, with how. */
  readonly others: readonly string[];
  readonly delivered: readonly string[];
  /** Runs that are stored in a state other than the one that a reader has once seen as their last. */
  readonly changedAfterEnd: readonly string[];
  readonly interruptions: number;
}

/**
 * Kills the process at random moments while senders go on, half of the times in bursts of three: as soon as it has
 * started, or is about to.
 *
 * @param kills how often
 * @param onKilled called when the last kill is over, and the process runs again
 */
export async function killOften(
  product: KilledProduct,
  kills: number,
  onKilled: () => void,
): Promise<Aftermath> {
  const { process, operator, receiver } = product;
  const inbound = await operator.createConnector({ mode: 'inbound', agents: ['journal'] });
  await operator.createConnector({ mode: 'outbound', agents: ['journal'], config: { url: receiver.url } });
  const accepted: string[] = [];
  const seenEnded = new Map<string, string>();
  let sending = true;
  const sender = async () => {
    for (let number = 0; sending; number++) {
      const answer = await sendJson(inbound, { number, ms: number % 400 }).catch(() => null);
      if (answer?.status === 200) accepted.push(...wire.inboundAnswer.parse(answer.json).run_ids);
      await sleep(10);
    }
  };
  const reader = async () => {
    while (sending) {
      const page = await operator.runs('status=completed,failed&limit=100').catch(() => null);
      for (const run of page?.items ?? []) seenEnded.set(run.run_id, lastStateOf(run));
      await sleep(500);
    }
  };
  const going = [reader(), ...Array.from({ length: senders }, sender)];
  for (let kill = 0; kill < kills; kill++) {
    const isInBurst = kill % 6 < 3;
    await sleep(Math.random() * (isInBurst ? 100 : 2_000));
    await process.stop('SIGKILL');
    await process.start();
  }
  sending = false;
  onKilled();
  await Promise.all(going);

  const runs: wire.Run[] = [];
  for (const runId of accepted) runs.push(await endedAndDelivered(operator, runId));
  return {
    accepted: accepted.toSorted(),
    completed: runs
      .filter(({ status }) => status === 'completed')
      .map(({ run_id }) => run_id)
      .toSorted(),
    others: runs.filter(({ status }) => status !== 'completed').map(lastStateOf),
    delivered: runs
      .filter(({ deliveries }) => deliveries.length === 1 && deliveries[0]?.status === 'delivered')
      .map(({ run_id }) => run_id)
      .toSorted(),
    changedAfterEnd: runs
      .filter((run) => (seenEnded.get(run.run_id) ?? lastStateOf(run)) !== lastStateOf(run))
      .map(({ run_id }) => run_id),
    interruptions: runs.reduce((sum, run) => sum + run.interruptions.length, 0),
  };
}

function lastStateOf({
  run_id,
  status,
  ended_at,
  error,
}: Pick<wire.Run, 'run_id' | 'status' | 'ended_at' | 'error'>): string {
  return JSON.stringify([run_id, status, ended_at, error]);
}

/** Deliveries are planned a moment after the end of a run; only a completed one gets any. */
function endedAndDelivered(operator: Operator, runId: string): Promise<wire.Run> {
  return eventually(`run ${runId} to be delivered`, async () => {
    const run = await operator.run(runId);
    const isPlanned = run.status !== 'completed' || run.deliveries.length > 0;
    const isDone = isPlanned && run.deliveries.every(({ status }) => status !== 'pending');
    return run.ended_at !== null && isDone && run;
  });
}
