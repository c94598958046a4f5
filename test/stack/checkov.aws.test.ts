import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { pythonTool } from '../python-tool.ts';
import { templates } from './linted-templates.ts';
import { removeAssemblies, templateOf } from './synthesized.ts';

afterAll(removeAssemblies);

const run = promisify(execFile);

const ownKey = 'Encrypted with a key of AWS; `encryptionKey` takes one of the customer.';

/** Findings that the templates live with, each with the reason. */
const lived: Readonly<Record<string, string>> = {
  CKV_AWS_115:
    'Reserved concurrency takes it from the rest of the account: settings have it, with the command that shows the limit.',
  CKV_AWS_116:
    'The queue, stream or schedule that calls a function has the dead letters; the others answer a caller.',
  CKV_AWS_117:
    'In a VPC a function needs a NAT gateway to reach receivers and models: `network` is a setting for Kafka.',
  CKV_AWS_119: ownKey,
  CKV_AWS_120: 'Answers of the API are about what is stored now, and streamed routes cannot be cached.',
  CKV_AWS_149: ownKey,
  CKV_AWS_158: ownKey,
  CKV_AWS_173: 'Variables hold names and addresses, no secrets; Lambda encrypts them with a key of its own.',
  CKV_AWS_174: "CloudFront's own certificate takes no other minimum; with `dashboardDomain` it is TLS 1.2.",
  CKV_AWS_18:
    'Payloads are read by the functions alone, by keys that the table holds; page files are public to whoever has the address.',
  CKV_AWS_192: 'Log4j is Java: nothing here is. The web ACL bounds how often one address may call.',
  CKV_AWS_21: 'An object is written once, and expires; the page is in the package.',
  CKV_AWS_26:
    'Alarms hold no data of the customer, and CloudWatch cannot publish to a topic with the key that AWS manages.',
  CKV_AWS_27:
    'SQS encrypts every new queue with keys of its own (SQS developer guide, "Encryption at rest").',
  CKV_AWS_59: 'Webhooks are called by senders without an account: the functions check signatures and tokens.',
  CKV_AWS_68:
    'A web ACL costs money while idle: `wafRateLimit` makes one for the API, and one of the customer goes before the page.',
  CKV_AWS_73: 'Traces cost money: `xRay` is a setting.',
  CKV_AWS_86: 'Access logs cost money: `dashboardAccessLogs` is a setting.',
};

const report = z.object({
  results: z.object({ failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string() })) }),
});

/** It reads its rules each time. */
const mostMs = 900_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkov-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What Checkov finds in a template, by rule and resource. Its exit code only says whether it found something. */
async function findings(template: unknown): Promise<{ rule: string; resource: string }[]> {
  const file = join(folder, 'template.json');
  await writeFile(file, JSON.stringify(template));
  const args = [
    '--framework',
    'cloudformation',
    '--output',
    'json',
    '--quiet',
    '--compact',
    '--skip-download',
  ];
  const { stdout } = await run(pythonTool('checkov'), [...args, '--file', file], { maxBuffer: 1e8 }).catch(
    (failed: { stdout: string }) => failed,
  );
  return report
    .parse(JSON.parse(stdout))
    .results.failed_checks.map(({ check_id: rule, resource }) => ({ rule, resource }));
}

describe('Checkov', () => {
  const known = new Set<string>();

  test.each(Object.entries(templates))(
    'finds nothing without a reason in %s',
    async (_, settings) => {
      const found = await findings(templateOf(settings).toJSON());
      for (const { rule } of found) known.add(rule);
      expect(found.filter(({ rule }) => lived[rule] === undefined)).toEqual([]);
    },
    mostMs,
  );

  test('finds all that there is a reason for', () => {
    expect([...known].sort()).toEqual(Object.keys(lived).sort());
  });

  test(
    'finds what anybody may do',
    async () => {
      const template = structuredClone(templateOf().toJSON());
      const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
      template['Resources'].Wrong = {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Version: '2012-10-17', Statement } },
      };
      const wrong = (await findings(template)).filter(({ resource }) => resource.endsWith('.Wrong'));
      expect(wrong.map(({ rule }) => rule)).toContain('CKV_AWS_111');
    },
    mostMs,
  );
});
