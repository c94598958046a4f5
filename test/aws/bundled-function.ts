import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { bundle } from '../../lib/bundle/bundle.ts';
import { packProject } from '../../lib/project/pack-project.ts';
import { parseSettings } from '../../lib/settings/settings.ts';
import type { FunctionVariables } from '../../src/engines/aws/entry/function-environment.ts';
import { endProcess } from '../end-process.ts';
import { endOfLog } from './end-of-log.ts';
import type { EngineResources } from './engine-resources.ts';

/** A function as it is deployed, bundled and in a process of its own. */
export interface BundledFunction {
  /** What its handler returns for an event. @param alias under which it is called, where it has any */
  invoke(event: unknown, alias?: string): Promise<unknown>;
  /** The lines that it has written into its log since it was last asked. */
  takeLines(): string[];
  readonly pid: number;
  stop(): Promise<void>;
}

/** Agents may need variables that are in a secret, for all that the loading knows. */
const agentSecretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:agents-AbCdEf';

const answer = z.object({ returned: z.unknown().optional() });

/**
 * Bundles an entry point as the stack does, and starts it.
 *
 * @param entry file name in `lambdas/`, without its ending
 * @param endpoint where it calls AWS
 * @param own variables that are others than usual
 * @param project its agents
 */
export async function startBundledFunction(
  entry: string,
  resources: EngineResources,
  endpoint: string,
  own: Readonly<Record<string, string>> = {},
  project?: string,
): Promise<BundledFunction> {
  const folder = await writeFunction(entry, project);
  const started = await startWrittenFunction(folder, {
    ...variablesOf(resources),
    AWS_ENDPOINT_URL: endpoint,
    ...own,
  });
  return {
    ...started,
    async stop() {
      await started.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Bundles an entry point into a new folder, with agents beside it. */
export async function writeFunction(entry: string, agents = 'test/scenarios/project'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'function-'));
  await bundle(entry, folder);
  const project = packProject(parseSettings({ project: agents, agentSecretArn }));
  for (const { from, to } of project.agentsWithCode) await cp(from, join(folder, to), { recursive: true });
  return folder;
}

/** @param node what starts the process in place of Node.js itself */
export async function startWrittenFunction(
  folder: string,
  environment: Readonly<Record<string, string>>,
  node: string = process.execPath,
): Promise<BundledFunction> {
  const child = fork(join(import.meta.dirname, 'invoke-bundle.ts'), [join(folder, 'index.mjs')], {
    env: { ...process.env, ...environment, LAMBDA_TASK_ROOT: folder },
    execArgv: [],
    execPath: node,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('the function has no output');
  let written = '';
  let callsLogged = 0;
  stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    const parts = written.split(`${endOfLog}\n`);
    callsLogged += parts.length - 1;
    written = parts.join('');
  });
  let callsMade = 0;
  await once(child, 'message');
  return {
    pid: child.pid ?? 0,
    async invoke(event, alias) {
      child.send({ event, alias });
      callsMade += 1;
      const [message] = await once(child, 'message');
      while (callsLogged < callsMade) await once(stdout, 'data');
      return answer.parse(message).returned;
    },
    takeLines() {
      const lines = written.split('\n').filter((line) => line !== '');
      written = '';
      return lines;
    },
    stop: () => endProcess(child, 'SIGTERM'),
  };
}

/** What the stack tells its functions. */
export function variablesOf(
  resources: EngineResources,
): FunctionVariables & Readonly<Record<string, string>> {
  const { tableName, runQueueUrl, deliveryQueueUrl, bucket, keySecretId } = resources;
  return {
    POWERTOOLS_SERVICE_NAME: 'test',
    POWERTOOLS_METRICS_NAMESPACE: 'Test',
    DEPLOYMENT_NAME: 'test',
    TABLE_NAME: tableName,
    RUN_QUEUE_URL: runQueueUrl,
    DELIVERY_QUEUE_URL: deliveryQueueUrl,
    PAYLOAD_BUCKET: bucket,
    KEY_SECRET_ID: keySecretId,
    RETENTION_DAYS: '30',
    CONNECTOR_CACHE_SECONDS: '5',
    MAX_DEPTH: '10',
    AGENT_SECRET_ID: '',
    BASE_URL: '',
    ALLOW_PRIVATE_TARGETS: '1',
    PROVIDER_KEYS_SECRET_ID: '',
    FIRST_TOKEN_SECRET_ID: keySecretId,
    USER_POOL_ID: 'us-east-1_pool',
    USER_POOL_CLIENT_ID: 'client',
    RUN_DEAD_LETTERS_ARN: 'arn:aws:sqs:us-east-2:123456789012:my-queue',
    DELIVERY_DEAD_LETTERS_ARN: 'arn:aws:sqs:us-east-2:123456789012:other-queue',
    TICK_QUEUE_URL: runQueueUrl,
    TICK_QUEUE_ARN: 'arn:aws:sqs:us-east-2:123456789012:ticks',
    TICK_DEAD_LETTERS_ARN: 'arn:aws:sqs:us-east-2:123456789012:dead-ticks',
    SCHEDULE_GROUP: 'default',
    SCHEDULE_ROLE_ARN: 'arn:aws:iam::123456789012:role/scheduler',
  };
}
