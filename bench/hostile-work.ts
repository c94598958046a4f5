import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod';
import type { ProductProcess } from '../test/product-process.ts';
import type { Effort } from './effort.ts';
import type { ReceiverHabit } from './hostile-receiver.ts';
import { measureLatencies } from './latency.ts';
import { body, connect, manage, type Side, startBenchProduct } from './servers.ts';
import { takeTurns } from './take-turns.ts';

/** Work that burdens a product: an agent's runs, and the receiver of their results. */
export interface HostileWork {
  readonly what: string;
  readonly agent: 'computing' | 'filling' | 'delivering';
  readonly receiver?: ReceiverHabit;
}

/** Events of each round. */
const events = 20;
const listening = z.object({ port: z.int() });

/**
 * Measures a healthy sender at two products in turns: one is otherwise idle, the other has hostile work.
 *
 * @returns times of requests, in ms
 */
export async function measureBesideWork(work: HostileWork, healthyRequests: number, effort: Effort) {
  const [quiet, busy] = [await startBenchProduct(), await startBenchProduct({ ALLOW_PRIVATE_TARGETS: '1' })];
  const receiver = work.receiver === undefined ? null : await startReceiver(work.receiver);
  try {
    const worker = await connect(busy, 'inbound', work.agent);
    if (receiver !== null) await deliverTo(busy, work.agent, receiver.port);
    const sides = {
      alone: await connect(quiet, 'inbound', 'noop'),
      beside: await connect(busy, 'inbound', 'noop'),
    };
    const rounds = await takeTurns(sides, effort.rounds, async (side: Side) => {
      if (side === sides.beside) await measureLatencies({ ...worker, body }, events);
      return measureLatencies({ ...side, body }, healthyRequests);
    });
    return { alone: rounds.alone.flat(), beside: rounds.beside.flat() };
  } finally {
    receiver?.process.kill();
    await Promise.all([quiet.remove(), busy.remove()]);
  }
}

async function startReceiver(habit: ReceiverHabit): Promise<{ process: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'hostile-receiver.ts'), [habit]);
  const [address] = await once(child, 'message');
  return { process: child, port: listening.parse(address).port };
}

async function deliverTo(product: ProductProcess, agent: string, port: number): Promise<void> {
  await manage(product, 'POST', '/connectors', {
    name: 'hostile receiver',
    type: 'webhook',
    mode: 'outbound',
    config: { url: `http://127.0.0.1:${port}/` },
    agents: [agent],
  });
}
