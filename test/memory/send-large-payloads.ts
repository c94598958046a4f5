import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { limitMemory } from './limited-process.ts';

// Sends payloads of 10 MB to the product in 1 GiB of memory, and tells what came of each: `node test/memory/send-large-payloads.ts`.
// Ends with 1 where the process died, or where an accepted run did not complete.

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    senders: { type: 'string', default: '2' },
    /** Requests that are sent at once before that. */
    burst: { type: 'string', default: '50' },
    memory: { type: 'string', default: '1024' },
  },
});
const token = 'memory-test-token';
const payload = (ms: number) => JSON.stringify({ ms, data: 'x'.repeat(10_000_000) });
const root = join(import.meta.dirname, '../..');
const dataDir = await mkdtemp(join(tmpdir(), 'memory-'));
const limit = limitMemory(Number(values.memory) * 1024 * 1024);
const port = 20_000 + (process.pid % 20_000);
const url = `http://127.0.0.1:${port}`;
let deaths = 0;
let isOver = false;
let child = startProduct();
await untilReady();
say(`Under ${limit.description}.`);

const authorization = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const inbound = await connect('inbound');
const sync = await connect('sync');
const counts = new Map<string, number>();
const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

for (const [kind, connector] of [
  ['inbound', inbound],
  ['sync', sync],
] as const) {
  const burst = Array.from({ length: Number(values.burst) }, () => send(kind, connector, 100));
  await Promise.all(burst);
}
say(`After the bursts: ${summary()}`);
const until = Date.now() + Number(values.minutes) * 60_000;
await Promise.all(
  Array.from({ length: Number(values.senders) }, async () => {
    while (Date.now() < until) {
      const retryAfter = await send('inbound', inbound, 6_000);
      if (retryAfter > 0) await sleep(retryAfter * 1_000);
    }
  }),
);
say(`After the minutes: ${summary()}`);
await untilIdle();
const runs = await runsByStatus();
const peak = limit.peakBytes();
say(
  `Ended: ${summary()}; runs: ${JSON.stringify(runs)}${peak === null ? '' : `; peak ${Math.round(peak / 1024 / 1024)} MiB`}`,
);
isOver = true;
child.kill('SIGTERM');
await new Promise((resolve) => child.once('exit', resolve));
limit.remove();
await rm(dataDir, { recursive: true });
const isGood = deaths === 0 && Object.keys(runs).every((status) => status === 'completed');
process.exitCode = isGood ? 0 : 1;

function startProduct() {
  const started = limit.spawn(['bin/connectors.ts', 'start'], {
    PATH: process.env['PATH'],
    PORT: String(port),
    DATA_DIR: dataDir,
    PROJECT_DIR: join(root, 'test/scenarios/project'),
    ADMIN_TOKEN: token,
    LOG_LEVEL: 'warn',
  });
  started.stderr?.on('data', (text) => process.stderr.write(text));
  started.once('exit', (code, signal) => {
    if (isOver) return;
    deaths++;
    say(`The process died: ${signal ?? code}.`);
    child = startProduct();
  });
  return started;
}

async function untilReady(): Promise<void> {
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(50);
}

async function connect(mode: 'inbound' | 'sync'): Promise<{ url: string; secret: string }> {
  const body = JSON.stringify({ name: mode, type: 'webhook', mode, config: {}, agents: ['wait'] });
  const answer = await fetch(`${url}/api/v1/connectors`, { method: 'POST', headers: authorization, body });
  return z.object({ url: z.string(), secret: z.string() }).parse(await answer.json());
}

/** Sends one; the seconds after which the sender is to try again, 0 where it was taken. */
async function send(kind: string, to: { url: string; secret: string }, ms: number): Promise<number> {
  try {
    const headers = { 'x-connic-secret': to.secret, 'content-type': 'application/json' };
    const answer = await fetch(to.url, { method: 'POST', headers, body: payload(ms) });
    await answer.arrayBuffer();
    count(`${kind} ${answer.status}`);
    return answer.ok ? 0 : Number(answer.headers.get('retry-after') ?? 1);
  } catch {
    count(`${kind} without an answer`);
    return 1;
  }
}

async function untilIdle(): Promise<void> {
  for (;;) {
    await untilReady();
    const { queued = 0, running = 0 } = await runsByStatus();
    if (queued + running === 0) return;
    await sleep(500);
  }
}

async function runsByStatus(): Promise<Record<string, number>> {
  const page = z.object({
    items: z.array(z.object({ status: z.string() })),
    next_cursor: z.string().nullable(),
  });
  const found: Record<string, number> = {};
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = `limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const answer = await fetch(`${url}/api/v1/runs?${query}`, { headers: authorization });
    const { items, next_cursor } = page.parse(await answer.json());
    for (const { status } of items) found[status] = (found[status] ?? 0) + 1;
    cursor = next_cursor;
  }
  return found;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function summary(): string {
  const answers = [...counts].sort().map(([key, times]) => `${key}: ${times}`);
  return [...answers, `deaths: ${deaths}`].join(', ');
}
