import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { measureLoad } from './load.ts';
import { type Finding, median, readable } from './report.ts';
import { body, connect, runListRequest, startBenchProduct, statsRequest } from './servers.ts';
import { storeEndedRuns } from './store-runs.ts';
import { takeTurns } from './take-turns.ts';

const connections = 32;
/** Relative to an empty store, either way. */
const leastRatio = 0.9;
const pagesPerRound = 50;
/** Longer than the age of the stored runs. */
const daysOfRuns = 30;

/** Compares a store with many ended runs to an empty one. */
export async function benchStoredRuns(effort: Effort): Promise<Finding[]> {
  const empty = await startBenchProduct();
  const full = await startBenchProduct();
  try {
    const sides = {
      empty: { ...(await connect(empty, 'inbound', 'parked')), list: runListRequest(empty) },
      full: { ...(await connect(full, 'inbound', 'parked')), list: runListRequest(full) },
    };
    await full.stop('SIGTERM');
    const begin = performance.now();
    await storeEndedRuns(full.dataDir, sides.full.connectorId, effort.storedRuns);
    const secondsToStore = (performance.now() - begin) / 1_000;
    await full.start();
    const rounds = await takeTurns(
      { ...sides, full: { ...sides.full, pid: full.pid } },
      effort.rounds,
      async ({ url, headers, list }) => ({
        rate: (await measureLoad({ url, headers, body, connections, seconds: effort.secondsPerRound }))
          .requestsPerSecond,
        pageMs: median(await measureLatencies({ ...list, method: 'GET' }, pagesPerRound)),
      }),
    );
    const rates = {
      empty: median(rounds.empty.map(({ rate }) => rate)),
      full: median(rounds.full.map(({ rate }) => rate)),
    };
    const pages = {
      empty: median(rounds.empty.map(({ pageMs }) => pageMs)),
      full: median(rounds.full.map(({ pageMs }) => pageMs)),
    };
    const [dayMs = 0] = await measureLatencies({ ...statsRequest(full, 1), method: 'GET' }, 1);
    const [allMs = 0] = await measureLatencies({ ...statsRequest(full, daysOfRuns), method: 'GET' }, 1);
    return [
      {
        what: 'runs in the full store',
        measured: `${readable(effort.storedRuns)}, stored in ${readable(secondsToStore)} s`,
      },
      {
        what: 'inbound requests/s',
        measured: `${readable(rates.empty)} empty, ${readable(rates.full)} full`,
        budget: withinBudget(rates.full / rates.empty),
      },
      {
        what: 'first page of the run list (100 runs), median',
        measured: `${readable(pages.empty)} ms empty, ${readable(pages.full)} ms full`,
        budget: withinBudget(pages.empty / pages.full),
      },
      {
        what: 'statistics by time, agent and model',
        measured: `${readable(dayMs)} ms of the last day, ${readable(allMs)} ms of all runs`,
      },
    ];
  } finally {
    await Promise.all([empty.remove(), full.remove()]);
  }
}

function withinBudget(ratio: number) {
  return { text: `within 10% of an empty store's, ratio ${readable(ratio)}`, kept: ratio >= leastRatio };
}
