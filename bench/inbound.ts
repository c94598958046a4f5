import type { Effort } from './effort.ts';
import { type LoadResult, measureLoad } from './load.ts';
import { usageOf } from './process-usage.ts';
import { type Finding, median, readable } from './report.ts';
import { body, connect, type Side, startBenchProduct, startPlainServer } from './servers.ts';
import { takeTurns } from './take-turns.ts';

const connections = 32;
/** Relative to the durable floor's requests per second. */
const leastRatios = { queueing: 0.9, executing: 0.75 };

interface Round extends LoadResult {
  /** CPU time of the server, all threads; `null` if the system does not report it. */
  readonly cpuMsPerRequest: number | null;
  readonly residentBytes: number | null;
}

/** A durable inbound webhook, with and without concurrent runs, compared with the bare server and the durable floor. */
export async function benchInbound(effort: Effort): Promise<Finding[]> {
  const bare = await startPlainServer('bare');
  const durable = await startPlainServer('durable');
  const products = [await startBenchProduct(), await startBenchProduct()] as const;
  try {
    const sides = {
      bare,
      durable,
      executing: await connect(products[0], 'inbound', 'noop'),
      queueing: await connect(products[1], 'inbound', 'parked'),
    };
    const rounds = await takeTurns(sides, effort.rounds, (side) =>
      measureRound(side, effort.secondsPerRound),
    );
    return [
      sideFinding('bare node:http', rounds.bare),
      sideFinding('durable floor: the same with a row of SQLite', rounds.durable),
      sideFinding('product, executing runs of a tool agent meanwhile', rounds.executing),
      sideFinding('product, its runs waiting for a concurrency limit', rounds.queueing),
      ratioFinding('of the bare server while executing', rounds.executing, rounds.bare),
      ratioFinding('of the bare server while queueing', rounds.queueing, rounds.bare),
      ratioFinding('of the floor while executing', rounds.executing, rounds.durable, leastRatios.executing),
      ratioFinding('of the floor while queueing', rounds.queueing, rounds.durable, leastRatios.queueing),
    ];
  } finally {
    bare.stop();
    durable.stop();
    await Promise.all(products.map((product) => product.remove()));
  }
}

export async function measureRound({ url, headers, pid }: Side, seconds: number): Promise<Round> {
  const before = await usageOf(pid);
  const load = await measureLoad({ url, headers, body, connections, seconds });
  const after = await usageOf(pid);
  const cpuMs = before === null || after === null ? null : after.cpuMs - before.cpuMs;
  return {
    ...load,
    cpuMsPerRequest: cpuMs === null ? null : cpuMs / load.requests,
    residentBytes: after?.residentBytes ?? null,
  };
}

function rateOf(rounds: readonly Round[]): number {
  return median(rounds.map((round) => round.requestsPerSecond));
}

export function sideFinding(what: string, rounds: readonly Round[]): Finding {
  const p50 = median(rounds.map((round) => round.medianMs));
  const p99 = median(rounds.map((round) => round.p99Ms));
  const rate = `${readable(rateOf(rounds))} requests/s`;
  return { what, measured: `${rate}, median ${p50} ms, p99 ${p99} ms${usageText(rounds)}` };
}

function usageText(rounds: readonly Round[]): string {
  const cpuMs = rounds.flatMap(({ cpuMsPerRequest }) => cpuMsPerRequest ?? []);
  const memory = rounds.flatMap(({ residentBytes }) => residentBytes ?? []);
  if (cpuMs.length === 0) return '';
  const cpu = `${readable(median(cpuMs) * 1_000)} µs CPU a request`;
  return `, ${cpu}, ${readable(Math.max(...memory) / 1024 ** 2)} MB resident`;
}

export function ratioFinding(
  what: string,
  rounds: readonly Round[],
  base: readonly Round[],
  least?: number,
): Finding {
  const ratio = rateOf(rounds) / rateOf(base);
  const measured = readable(ratio);
  if (least === undefined) return { what, measured };
  return { what, measured, budget: { text: `at least ${least}`, kept: ratio >= least } };
}
