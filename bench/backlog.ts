import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { measureLoad } from './load.ts';
import { type Finding, median, readable } from './report.ts';
import { body, connect, type Side, startBenchProduct } from './servers.ts';
import { storeQueuedRuns } from './store-runs.ts';
import { takeTurns } from './take-turns.ts';

const connections = 32;
const callsPerRound = 200;
/** Relative to a product without a backlog, for either mode. */
const leastRatio = 0.8;

interface Sides extends Side {
  readonly sync: Side;
  readonly inbound: Side;
}

interface Round {
  /** Median time of a sync webhook with one caller. */
  readonly syncMs: number;
  readonly syncRate: number;
  readonly inboundRate: number;
}

/** Compares response times while queued runs execute with those of a product without queued runs. */
export async function benchBacklog(effort: Effort): Promise<Finding[]> {
  const [idle, busy] = [await startBenchProduct(), await startBenchProduct()];
  const webhooks = async (product: typeof idle) => ({
    sync: await connect(product, 'sync', 'noop'),
    inbound: await connect(product, 'inbound', 'parked'),
  });
  try {
    const alone = await webhooks(idle);
    const beside = await webhooks(busy);
    await busy.stop('SIGTERM');
    await storeQueuedRuns(busy.dataDir, 'noop', effort.queuedRuns);
    await busy.start();
    const sides = {
      alone: { ...alone.sync, ...alone },
      beside: { ...beside.sync, ...beside, pid: busy.pid },
    };
    const rounds = await takeTurns(sides, effort.rounds, (side) => measureRound(side, effort));
    return findings(rounds.alone, rounds.beside, effort.queuedRuns);
  } finally {
    await Promise.all([idle.remove(), busy.remove()]);
  }
}

async function measureRound({ sync, inbound }: Sides, { secondsPerRound }: Effort): Promise<Round> {
  const loadOf = ({ url, headers }: Side) =>
    measureLoad({ url, headers, body, connections, seconds: secondsPerRound });
  return {
    syncMs: median(await measureLatencies({ ...sync, body }, callsPerRound)),
    syncRate: (await loadOf(sync)).requestsPerSecond,
    inboundRate: (await loadOf(inbound)).requestsPerSecond,
  };
}

function findings(alone: readonly Round[], beside: readonly Round[], queuedRuns: number): Finding[] {
  const medians = (of: (round: Round) => number) => [median(alone.map(of)), median(beside.map(of))] as const;
  const [aloneMs, besideMs] = medians(({ syncMs }) => syncMs);
  const [aloneSync, besideSync] = medians(({ syncRate }) => syncRate);
  const [aloneInbound, besideInbound] = medians(({ inboundRate }) => inboundRate);
  const compared = (what: string, unit: string, one: number, other: number, ratio: number): Finding => ({
    what,
    measured: `${readable(one)} ${unit} alone, ${readable(other)} ${unit} beside ${readable(queuedRuns)} queued runs`,
    budget: { text: `within a fifth, ratio ${readable(ratio)}`, kept: ratio >= leastRatio },
  });
  return [
    compared('sync webhook, one caller, median', 'ms', aloneMs, besideMs, aloneMs / besideMs),
    compared('sync webhook, 32 connections', 'requests/s', aloneSync, besideSync, besideSync / aloneSync),
    compared(
      'inbound webhook, 32 connections',
      'requests/s',
      aloneInbound,
      besideInbound,
      besideInbound / aloneInbound,
    ),
  ];
}
