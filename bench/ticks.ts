import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { ProductProcess } from '../test/product-process.ts';
import type { Effort } from './effort.ts';
import { type Finding, readable } from './report.ts';
import { manage, startBenchProduct } from './servers.ts';

const minuteMs = 60_000;
/** Concurrent requests while schedules are created. */
const clients = 16;

const runPage = z.looseObject({
  items: z.array(z.looseObject({ queued_at: z.iso.datetime() })),
  next_cursor: z.string().nullable(),
});

const runCounts = z.looseObject({
  totals: z.looseObject({ runs: z.record(z.string(), z.int()) }),
});

/** How often to check whether all runs are stored, in ms: seldom enough to cost the product little. */
const lookEveryMs = 100;

/** Schedules that all fire in the same second: how late the last run is accepted, and durably stored. */
export async function benchTicks(effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  try {
    const comesAt = await makeSchedules(product, effort.schedules);
    const storedAfter = (await whenStored(product, effort.schedules, comesAt)) - comesAt;
    const runs = await queuedTimes(product);
    const delays = runs.map((queuedAt) => queuedAt - comesAt).sort((one, other) => one - other);
    const last = delays.at(-1) ?? Number.NaN;
    return [
      { what: 'schedules at the same second', measured: readable(effort.schedules) },
      {
        what: 'their runs',
        measured: readable(runs.length),
        budget: { text: 'one each', kept: runs.length === effort.schedules },
      },
      { what: 'first taken after', measured: `${readable(delays[0] ?? Number.NaN)} ms` },
      {
        what: 'last taken after',
        measured: `${readable(last)} ms, ${readable((effort.schedules / last) * 1_000)} ticks/s`,
      },
      { what: 'all durable', measured: `within ${readable(storedAfter)} ms` },
    ];
  } finally {
    await product.remove();
  }
}

/** @returns when they all fire, Unix ms: a whole minute that leaves time to create them */
async function makeSchedules(product: ProductProcess, count: number): Promise<number> {
  const comesAt = Math.ceil((Date.now() + count * 5 + 10_000) / minuteMs) * minuteMs;
  const date = new Date(comesAt);
  const schedule = `${date.getUTCMinutes()} ${date.getUTCHours()} ${date.getUTCDate()} ${date.getUTCMonth() + 1} *`;
  let next = 0;
  const make = async () => {
    while (next++ < count) {
      const draft = { name: `schedule ${next}`, type: 'cron', mode: 'inbound', agents: ['parked'] };
      await manage(product, 'POST', '/connectors', { ...draft, config: { schedule } });
    }
  };
  await Promise.all(Array.from({ length: clients }, make));
  if (Date.now() > comesAt)
    throw new Error('Making the schedules took longer than was left until their time.');
  return comesAt;
}

/** @returns when a run for each schedule was seen, Unix ms: readable runs are on disk */
async function whenStored(product: ProductProcess, count: number, comesAt: number): Promise<number> {
  const from = new Date(comesAt).toISOString();
  await sleep(comesAt - Date.now());
  for (;;) {
    // The product caches the answer to the same query for a second.
    const to = new Date(Date.now() + minuteMs).toISOString();
    const { totals } = runCounts.parse(await manage(product, 'GET', `/stats?from=${from}&to=${to}`));
    const stored = Object.values(totals.runs).reduce((sum, runs) => sum + runs, 0);
    if (stored >= count) return Date.now();
    await sleep(lookEveryMs);
  }
}

/** When each run was accepted, Unix ms. */
async function queuedTimes(product: ProductProcess): Promise<number[]> {
  const queuedAt: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: z.infer<typeof runPage> = runPage.parse(
      await manage(product, 'GET', `/runs?limit=100${after}`),
    );
    queuedAt.push(...page.items.map(({ queued_at }) => Date.parse(queued_at)));
    cursor = page.next_cursor;
  }
  return queuedAt;
}
