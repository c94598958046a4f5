import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle, bundleFile } from '../lib/bundle/bundle.ts';
import { packProject } from '../lib/project/pack-project.ts';
import { parseSettings } from '../lib/settings/settings.ts';
import type { Effort } from './effort.ts';
import { type Finding, median, readable } from './report.ts';

const run = promisify(execFile);
const mostTimes = 1.5;

/** The environment variables from the stack that functions read at startup. */
const environment = {
  NODE_OPTIONS: '--enable-source-maps',
  AWS_REGION: 'us-east-1',
  DEPLOYMENT_NAME: 'bench',
  TABLE_NAME: 'table',
  RUN_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/runs',
  DELIVERY_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/deliveries',
  PAYLOAD_BUCKET: 'bucket',
  KEY_SECRET_ID: 'key',
  RETENTION_DAYS: '30',
  CONNECTOR_CACHE_SECONDS: '5',
};

/** The load time of the webhook functions' bundles, each in a fresh process, compared with the SDK clients alone. */
export async function benchBundles(effort: Effort): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  try {
    const files = await writeBundles(folder);
    const loads: Record<string, number[]> = Object.fromEntries(Object.keys(files).map((name) => [name, []]));
    for (let round = 0; round <= effort.loads; round++) {
      for (const [name, file] of Object.entries(files)) {
        const ms = await loadMs(file);
        // The first round only fills the disk cache.
        if (round > 0) loads[name]?.push(ms);
      }
    }
    return findings(loads);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files to import, by name. */
async function writeBundles(folder: string): Promise<Readonly<Record<string, string>>> {
  const project = packProject(parseSettings({}));
  const inFolder = (name: string) => join(folder, name, 'index.mjs');
  await bundleFile(join(import.meta.dirname, 'sdk-clients.ts'), join(folder, 'sdk-clients'));
  for (const entry of ['webhook', 'webhook-sync']) {
    await bundle(entry, join(folder, entry));
    for (const { from, to } of project.agentsWithCode) {
      await cp(from, join(folder, entry, to), { recursive: true });
    }
  }
  return {
    'sdk-clients': inFolder('sdk-clients'),
    webhook: inFolder('webhook'),
    'webhook-sync': inFolder('webhook-sync'),
  };
}

async function loadMs(file: string): Promise<number> {
  const env = { PATH: process.env['PATH'], LAMBDA_TASK_ROOT: join(file, '..'), ...environment };
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'load-once.ts'), file], { env });
  return Number(stdout);
}

function findings({ 'sdk-clients': bare = [], ...bundles }: Record<string, number[]>): Finding[] {
  const bareMs = median(bare);
  return [
    { what: 'just the SDK clients', measured: `${readable(bareMs)} ms of a processor` },
    ...Object.entries(bundles).map(([name, loads]) => {
      const times = median(loads) / bareMs;
      return {
        what: `the bundle of ${name}`,
        measured: `${readable(median(loads))} ms, ${readable(times)} x`,
        budget: { text: `at most ${mostTimes} x`, kept: times <= mostTimes },
      };
    }),
  ];
}
