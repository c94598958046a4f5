import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { usageOf } from './process-usage.ts';
import { type Finding, median, readable } from './report.ts';
import { body, connect, startBenchProduct } from './servers.ts';

const mostSeconds = 2;

/** Time from process start on an empty data folder until the first trigger is answered with 200. */
export async function benchStart(effort: Effort): Promise<Finding[]> {
  const ready: number[] = [];
  const accepted: number[] = [];
  const memory: number[] = [];
  for (let start = 0; start < effort.starts; start++) {
    const begin = performance.now();
    const product = await startBenchProduct();
    try {
      ready.push((performance.now() - begin) / 1_000);
      const inbound = await connect(product, 'inbound', 'noop');
      await measureLatencies({ ...inbound, body }, 1);
      accepted.push((performance.now() - begin) / 1_000);
      memory.push((await usageOf(product.pid))?.residentBytes ?? Number.NaN);
    } finally {
      await product.remove();
    }
  }
  const seconds = median(accepted);
  return [
    { what: 'ready (GET /health answers)', measured: `${readable(median(ready))} s` },
    {
      what: 'first trigger accepted, its connector made in between',
      measured: `${readable(seconds)} s, slowest ${readable(Math.max(...accepted))} s`,
      budget: { text: `at most ${mostSeconds} s`, kept: seconds <= mostSeconds },
    },
    { what: 'resident after the start', measured: `${readable(median(memory) / 1024 ** 2)} MB` },
  ];
}
