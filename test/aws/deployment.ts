import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { tagBuckets } from './bucket-tags.ts';
import { cdk, inContext } from './cdk.ts';
import type { Ministack } from './ministack.ts';
import type { recording } from './recording.ts';

const app = 'test/aws/emulated-app.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Of the emulator, which has to know it before the deployment. */
const apiId = 'connectors';

/** As small as tests need it, without waits for what has been changed, and gone with the stack. */
const context = {
  project: 'test/scenarios/project',
  removalPolicy: 'destroy',
  allowPrivateTargets: 'true',
  kafka: 'true',
  websocket: 'true',
  connectorCacheSeconds: '0',
  runnerConcurrency: '6',
  deliveryConcurrency: '3',
  'emulated:apiId': apiId,
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

type Account = Pick<Ministack, 'endpoint' | 'environment'>;

/** The system as the real command line of the CDK has deployed it. */
export interface Deployment {
  readonly url: string;
  /** The token of the first operator. */
  readonly token: string;
  /** Address of the dashboard, at a host name that only the emulator knows. */
  readonly dashboardUrl: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** What was deployed, and what CloudFormation made of it. */
  describe(): Promise<Pick<z.input<typeof recording>, 'template' | 'resources'>>;
  /** Deploys once more, with other settings. */
  upgrade(settings: Readonly<Record<string, string>>): Promise<void>;
  destroy(): Promise<void>;
}

/**
 * Deploys the system into an empty emulated account, the way docs/deploying.md says: bootstrap, deploy.
 *
 * @param watchedBy the endpoint at which everybody calls AWS
 * @param own settings that are not those of the scenarios
 */
export async function deploy(
  emulator: Ministack,
  watchedBy: string,
  own: Readonly<Record<string, string>> = {},
): Promise<Deployment> {
  const account = {
    endpoint: watchedBy,
    environment: { ...emulator.environment, AWS_ENDPOINT_URL: watchedBy },
  };
  const folder = await mkdtemp(join(tmpdir(), 'deployment-'));
  const assembly = join(folder, 'out');
  const outputsFile = join(folder, 'outputs.json');
  const url = `${emulator.endpoint}/restapis/${apiId}/prod/_user_request_`;
  const given = {
    ...context,
    ...own,
    baseUrl: url,
    'emulated:endpoint': emulator.endpoint,
    'emulated:watchedBy': watchedBy,
  };
  const cdkDeploy = async (settings: Readonly<Record<string, string>>) => {
    const quiet = ['--progress', 'events', '--outputs-file', outputsFile];
    await cdk(account.environment, app, [
      'deploy',
      ...inContext({ ...given, ...settings }),
      ...quiet,
      '-o',
      assembly,
    ]);
  };
  await cdk(account.environment, app, [
    'bootstrap',
    'aws://000000000000/us-east-1',
    ...inContext(given),
    '-o',
    assembly,
  ]);
  await cdkDeploy({});
  const made = outputs.parse(JSON.parse(await readFile(outputsFile, 'utf8'))).AgentConnectors;
  return {
    url,
    token: await secretOf(account, made.FirstOperatorHint),
    dashboardUrl: made.DashboardUrl,
    userPoolId: made.UserPoolId,
    clientId: made.ClientId,
    async describe() {
      const template = join(assembly, 'AgentConnectors.template.json');
      return {
        template: JSON.parse(await readFile(template, 'utf8')),
        resources: await resourcesOf(account, 'AgentConnectors'),
      };
    },
    upgrade: cdkDeploy,
    async destroy() {
      await tagBuckets(account);
      await cdk(account.environment, app, ['destroy', '--force', ...inContext(given), '-o', assembly]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Physical ids by logical id. */
async function resourcesOf({ endpoint }: Account, StackName: string): Promise<Record<string, string>> {
  const client = new CloudFormationClient({ endpoint, region: 'us-east-1', credentials });
  const found: Record<string, string> = {};
  for await (const page of paginateListStackResources({ client }, { StackName })) {
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId !== undefined) found[LogicalResourceId] = PhysicalResourceId ?? '';
    }
  }
  return found;
}

/** The secret that the command of the hint reads. */
export async function secretOf({ endpoint }: Pick<Account, 'endpoint'>, hint: string): Promise<string> {
  const SecretId = /--secret-id (\S+)/.exec(hint)?.[1];
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  return SecretString ?? '';
}
