import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod';
import { type ProductProcess, startProduct } from '../test/product-process.ts';

export const adminToken = 'bench-admin-token';
const listening = z.object({ port: z.int() });
const created = z.looseObject({ id: z.string(), url: z.url(), secret: z.string() });

/** One side of a comparison: where to send requests, and the process behind it. */
export interface Side {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
}

/** The payload of every request, sized like a small event. */
export const body = JSON.stringify({
  order: { id: 4711, customer: 'Ada Lovelace', total: 99.5 },
  note: 'x'.repeat(64),
});

const jsonHeaders = { 'content-type': 'application/json' };

/** `bare` stores nothing; `durable` writes each request to disk, as one row, before it answers. */
export async function startPlainServer(kind: 'bare' | 'durable'): Promise<Side & { stop(): void }> {
  const child: ChildProcess = fork(join(import.meta.dirname, `${kind}-server.ts`));
  const [address] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${listening.parse(address).port}/webhooks/a`,
    headers: jsonHeaders,
    pid: child.pid ?? 0,
    stop: () => child.kill(),
  };
}

/**
 * Starts the product with the agents of `bench/project` on an empty data folder.
 * @param env settings beyond those of every benchmark
 */
export function startBenchProduct(env: Readonly<Record<string, string>> = {}): Promise<ProductProcess> {
  const projectDir = join(import.meta.dirname, 'project');
  const all = { LOG_LEVEL: 'warn', NODE_ENV: 'production', ...env };
  return startProduct({ projectDir, token: adminToken, env: all });
}

/** Counts created connectors, to give each a unique name. */
let connected = 0;

/** Creates a connector for one agent, whose senders have its secret. */
export async function connect(
  product: ProductProcess,
  mode: 'inbound' | 'sync',
  agent: string,
  config: Readonly<Record<string, unknown>> = {},
  type: 'webhook' | 'mcp' = 'webhook',
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Side & { readonly connectorId: string }> {
  const answer = await manage(product, 'POST', '/connectors', {
    name: `bench ${mode} ${++connected}`,
    type,
    mode,
    config,
    agents: [agent],
    ...fields,
  });
  const { id, url, secret } = created.parse(answer);
  const headers = { ...jsonHeaders, 'x-connic-secret': secret };
  return { connectorId: id, url, headers, pid: product.pid };
}

/** The request for the first page of the run list. */
export function runListRequest(product: ProductProcess): { url: string; headers: Record<string, string> } {
  return { url: `${product.url}/api/v1/runs?limit=100`, headers: { authorization: `Bearer ${adminToken}` } };
}

/** The request for the statistics of the last `days` days. */
export function statsRequest(
  product: ProductProcess,
  days: number,
): { url: string; headers: Record<string, string> } {
  const from = new Date(Date.now() - days * 86_400_000).toISOString();
  return {
    url: `${product.url}/api/v1/stats?from=${from}`,
    headers: { authorization: `Bearer ${adminToken}` },
  };
}

/** Calls the management API. @throws with the answer where it is refused */
export async function manage(
  product: ProductProcess,
  method: string,
  path: string,
  json?: unknown,
): Promise<unknown> {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { ...jsonHeaders, authorization: `Bearer ${adminToken}` },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
