import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { pythonTool } from '../python-tool.ts';
import { type Receiver, startReceiver } from '../receivers/recording-receiver.ts';
import { operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';

/*
 * Schemathesis makes requests up from the OpenAPI description, valid and invalid ones, and holds every answer against
 * it. Nothing may answer 5xx, leave the description, take what it forbids, refuse what it allows, or forget the token.
 */

const token = 'token-of-made-up-requests';

let product: ProductProcess;
let receiver: Receiver;
let ids: Record<string, string>;
/** Where the tool keeps its own files. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'made-up-requests-'));
  product = await startProduct({ projectDir: join(import.meta.dirname, 'project'), token });
  receiver = await startReceiver();
  ids = await makeRecords();
});

afterAll(async () => {
  await product.remove();
  await receiver.goDown();
  await rm(folder, { recursive: true });
});

/** A run with a delivery, and connectors of the kinds that need more than a mode. */
async function makeRecords(): Promise<Record<string, string>> {
  const operator = operatorOf({ baseUrl: product.url, token });
  const config = { url: receiver.url };
  const outbound = await operator.createConnector({ mode: 'outbound', agents: ['echo'], config });
  const schedule = { name: 'weekly', type: 'cron', mode: 'inbound', config: { schedule: '0 9 * * 1' } };
  const cron = await operator.call('POST', '/connectors', { ...schedule, agents: ['echo'] });
  const runId = await operator.startRun('echo', {});
  const delivery = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
  return {
    RUN_ID: runId,
    DELIVERY_ID: delivery.delivery_id,
    OUTBOUND_ID: outbound.id,
    CRON_ID: wire.connector.parse(cron.json).id,
  };
}

/** @returns what the tool has written, where it found something */
async function run(phase: string): Promise<string | null> {
  const config = join(import.meta.dirname, 'schemathesis.toml');
  const description = `${product.url}/api/v1/openapi.json`;
  const args = ['--config-file', config, '--no-color', 'run', description, '--phases', phase];
  const tool = spawn(pythonTool('schemathesis'), args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: '1',
      PRODUCT_TOKEN: token,
      ...ids,
    },
  });
  let output = '';
  tool.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(tool, 'close');
  return code === 0 ? null : output;
}

test.each(['examples', 'coverage', 'fuzzing', 'stateful'])(
  'every answer to made-up requests is as the description says (%s)',
  async (phase) => {
    expect(await run(phase)).toBeNull();
    expect(await (await fetch(`${product.url}/health`)).json()).toEqual({ status: 'ok' });
  },
);
