import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { type Finding, median, readable } from './report.ts';
import { body, connect, type Side, startBenchProduct, startPlainServer } from './servers.ts';

/** Above the bare server's median. */
const mostOverheadMs = 2;
const requestsPerRound = 1_000;

/**
 * A sync webhook with a tool agent that returns immediately: how much longer a caller waits than with a bare server.
 */
export async function benchSync(effort: Effort): Promise<Finding[]> {
  const bare = await startPlainServer('bare');
  const product = await startBenchProduct();
  try {
    const sync = await connect(product, 'sync', 'noop');
    const bareSync: Side = { ...bare, url: `${bare.url}/sync` };
    const times = { bare: [] as number[], sync: [] as number[] };
    await measureLatencies({ ...sync, body }, requestsPerRound);
    for (let round = 0; round < effort.rounds; round++) {
      times.bare.push(...(await measureLatencies({ ...bareSync, body }, requestsPerRound)));
      times.sync.push(...(await measureLatencies({ ...sync, body }, requestsPerRound)));
    }
    const overheadMs = median(times.sync) - median(times.bare);
    return [
      { what: 'bare node:http, one caller', measured: timesText(times.bare) },
      { what: 'product, one caller', measured: timesText(times.sync) },
      {
        what: 'median above the bare server',
        measured: `${readable(overheadMs)} ms`,
        budget: { text: `at most ${mostOverheadMs} ms`, kept: overheadMs <= mostOverheadMs },
      },
    ];
  } finally {
    bare.stop();
    await product.remove();
  }
}

function timesText(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  return `median ${readable(median(times))} ms, p99 ${readable(p99)} ms`;
}
