import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as z from 'zod';
import type { AgentConnectorsProps } from '../../lib/settings/agent-connectors-props.ts';
import { pythonTool } from '../python-tool.ts';
import { templateOf } from './synthesized.ts';

const run = promisify(execFile);

/** Findings that the templates live with, each with the reason. */
const lived: Readonly<Record<string, string>> = {
  W3005:
    'The CDK lets a function wait for its role, so that the policies are there with it; the role alone says so twice.',
};

const templates: Readonly<Record<string, AgentConnectorsProps>> = {
  'a deployment as it is by default': {},
  'a deployment that goes with its data': { removalPolicy: 'destroy' },
  'a deployment with every setting': {
    agentEnvironment: { REGION: 'eu' },
    agentSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tools-AbCdEf',
    alarmEmail: 'ada@example.com',
    allowPrivateTargets: true,
    apiCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1234',
    apiDomain: 'api.example.com',
    apiGatewayLogRole: false,
    apiReservedConcurrency: 10,
    baseUrl: 'https://connectors.example.com',
    connectorCacheSeconds: 0,
    dashboardAccessLogs: true,
    deliveryConcurrency: 1_000,
    encryptionKey: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    logRetentionDays: 3_653,
    providerKeysSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys-AbCdEf',
    retentionDays: 3_650,
    runnerConcurrency: 1_000,
    syncReservedConcurrency: 100,
    tableDeletionProtection: true,
    throttleBurst: 200,
    throttleRate: 100,
    wafRateLimit: 2_000,
    webhookReservedConcurrency: 100,
    xRay: true,
  },
};

const finding = z.object({ Rule: z.object({ Id: z.string() }), Message: z.string() });

/** The linter reads the schemas of all resource types each time. */
jest.setTimeout(120_000);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cfn-lint-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What cfn-lint finds in a template: `E3012 ...`. Its exit code only says whether it found something. */
async function findings(template: unknown): Promise<string[]> {
  const file = join(folder, 'template.json');
  await writeFile(file, JSON.stringify(template));
  const args = [
    '--format',
    'json',
    '--include-checks',
    'W',
    '--regions',
    'us-east-1',
    'eu-west-1',
    '--',
    file,
  ];
  const { stdout } = await run(pythonTool('cfn-lint'), args).catch((failed: { stdout: string }) => failed);
  return z
    .array(finding)
    .parse(JSON.parse(stdout))
    .map(({ Rule, Message }) => `${Rule.Id} ${Message}`);
}

describe("CloudFormation's own linter", () => {
  test.each(Object.entries(templates))('finds nothing in %s', async (_, settings) => {
    const found = await findings(templateOf(settings).toJSON());
    expect(found.filter((text) => lived[text.split(' ')[0] ?? ''] === undefined)).toEqual([]);
  });

  test('finds what is lived with: no reason stands here for nothing', async () => {
    const found = await findings(templateOf().toJSON());
    expect([...new Set(found.map((text) => text.split(' ')[0]))].sort()).toEqual(Object.keys(lived).sort());
  });

  test('finds a value that no service takes', async () => {
    const template = templateOf().toJSON();
    template['Resources'].Wrong = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 100_000 } };
    expect(await findings(template)).toContainEqual(expect.stringMatching(/^E\d+ 100000 is greater/));
  });
});
