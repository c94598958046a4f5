import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { tagBuckets } from './bucket-tags.ts';
import type { Ministack } from './ministack.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const cdkCommand = join(root, 'node_modules/aws-cdk/bin/cdk');
const app = `"${process.execPath}" test/aws/emulated-app.ts`;

/** Longer than any step takes on a busy machine; a deployment that hangs is ended. */
const stepMs = 300_000;

/** As small as tests need it, and gone with the stack. */
const context = {
  project: 'test/scenarios/project',
  removalPolicy: 'destroy',
  allowPrivateTargets: 'true',
  connectorCacheSeconds: '0',
  runnerConcurrency: '6',
  deliveryConcurrency: '3',
};

/** Of another construct than the stack itself, an output has a name that ends in a digest. */
const outputs = z.object({
  AgentConnectors: z
    .looseObject({ ApiUrl: z.url(), DashboardUrl: z.url(), FirstOperatorHint: z.string() })
    .transform((all) => ({ ...all, UserPoolId: named(all, 'UserPoolId'), ClientId: named(all, 'ClientId') })),
});

function named(all: Readonly<Record<string, unknown>>, name: string): string {
  const found = Object.entries(all).find(([key]) => new RegExp(`${name}[0-9A-F]{8}$`).test(key));
  return z.string().parse(found?.[1]);
}

/** The system as the real command line of the CDK has deployed it. */
export interface Deployment {
  readonly url: string;
  /** The token of the first operator. */
  readonly token: string;
  /** Address of the dashboard, at a host name that only the emulator knows. */
  readonly dashboardUrl: string;
  readonly userPoolId: string;
  readonly clientId: string;
  destroy(): Promise<void>;
}

export type DeploymentSettings = Readonly<Partial<typeof context>>;

/**
 * Deploys the system into an empty emulated account, the way docs/deploying.md says: bootstrap, deploy, and once more
 * with the address at which the emulator answers, which it chooses itself.
 *
 * @param own settings that are not those of the scenarios
 */
export async function deploy(account: Ministack, own: DeploymentSettings = {}): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'deployment-'));
  await cdk(account, [
    'bootstrap',
    'aws://000000000000/us-east-1',
    '--app',
    app,
    ...settings(own),
    '-o',
    folder,
  ]);
  const first = await deployOnce(account, folder, own);
  const apiId = new URL(first.ApiUrl).hostname.split('.')[0] ?? '';
  const url = `${account.endpoint}/restapis/${apiId}/prod/_user_request_`;
  const made = await deployOnce(account, folder, { ...own, baseUrl: url });
  return {
    url,
    token: await secretOf(account, made.FirstOperatorHint),
    dashboardUrl: made.DashboardUrl,
    userPoolId: made.UserPoolId,
    clientId: made.ClientId,
    async destroy() {
      await tagBuckets(account);
      await cdk(account, [
        'destroy',
        '--force',
        '--app',
        app,
        ...settings({ ...own, baseUrl: url }),
        '-o',
        folder,
      ]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function deployOnce(account: Ministack, folder: string, given: Record<string, string>) {
  const file = join(folder, 'outputs.json');
  const quiet = ['--require-approval', 'never', '--progress', 'events', '--outputs-file', file];
  await cdk(account, ['deploy', '--app', app, ...settings(given), ...quiet, '-o', join(folder, 'out')]);
  return outputs.parse(JSON.parse(await readFile(file, 'utf8'))).AgentConnectors;
}

function settings(given: Readonly<Record<string, string>>): string[] {
  return Object.entries({ ...context, ...given }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The secret that the command of the hint reads. */
async function secretOf({ endpoint }: Ministack, hint: string): Promise<string> {
  const SecretId = /--secret-id (\S+)/.exec(hint)?.[1];
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  return SecretString ?? '';
}

async function cdk({ environment }: Ministack, args: readonly string[]): Promise<void> {
  const env = { ...process.env, ...environment, CI: 'true' };
  try {
    await run(process.execPath, [cdkCommand, ...args], {
      cwd: root,
      env,
      timeout: stepMs,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (thrown) {
    const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(thrown);
    throw new Error(`cdk ${args[0]} failed:\n${stderr.slice(-6_000)}\n${stdout.slice(-2_000)}`);
  }
}
