import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

const run = promisify(execFile);
const autocannon = fileURLToPath(import.meta.resolve('autocannon'));

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

const result = z.object({
  requests: z.object({ total: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number(), average: z.number() }),
  duration: z.number(),
  errors: z.number(),
  non2xx: z.number(),
});

/**
 * Sends requests over several connections, each after the previous answer, from a separate process.
 *
 * @throws when a request fails or is refused, because the result would mean nothing
 */
export async function measureLoad(load: Load): Promise<LoadResult> {
  const { url, connections, seconds, method = 'POST', headers, body } = load;
  const { stdout } = await run(process.execPath, [
    autocannon,
    '--json',
    ...['--connections', String(connections), '--duration', String(seconds), '--method', method],
    ...Object.entries(headers).flatMap(([name, value]) => ['--headers', `${name}=${value}`]),
    ...(body === undefined ? [] : ['--body', body]),
    url,
  ]);
  const measured = result.parse(JSON.parse(stdout));
  if (measured.errors > 0 || measured.non2xx > 0) {
    throw new Error(`${measured.errors} requests failed and ${measured.non2xx} were refused by ${url}.`);
  }
  return {
    requestsPerSecond: measured.requests.total / measured.duration,
    requests: measured.requests.total,
    medianMs: measured.latency.p50,
    p99Ms: measured.latency.p99,
  };
}
