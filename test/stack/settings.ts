import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSettings, settingNames } from '../../lib/settings/settings.ts';
import { makeStack, templateOf } from './synthesized.ts';

describe('settings', () => {
  test('come as text from the command line', () => {
    const settings = parseSettings({
      retentionDays: '7',
      allowPrivateTargets: 'true',
      allowedModelProviders: 'gemini, openai',
    });
    expect(settings).toMatchObject({
      retentionDays: 7,
      allowPrivateTargets: true,
      allowedModelProviders: ['gemini', 'openai'],
    });
  });

  test.each(['10.0.0.0/8, fd12::/16', ['10.0.0.0/8', 'fd12::/16']])(
    'take address ranges for allowPrivateTargets: %j',
    (given) => {
      const allowPrivateTargets = ['10.0.0.0/8', 'fd12::/16'];
      expect(parseSettings({ allowPrivateTargets: given })).toMatchObject({ allowPrivateTargets });
    },
  );

  test('tell functions the address ranges of allowPrivateTargets', () => {
    const functions = templateOf({ allowPrivateTargets: ['10.0.0.0/8', 'fd12::/16'] }).findResources(
      'AWS::Lambda::Function',
    );
    const variables = Object.values(functions).map(({ Properties }) => Properties.Environment?.Variables);
    expect(variables).toContainEqual(
      expect.objectContaining({ ALLOW_PRIVATE_TARGETS: '10.0.0.0/8,fd12::/16' }),
    );
  });

  test.each([
    ['retentionDays', 'soon'],
    ['retentionDays', '0'],
    ['runnerConcurrency', '1'],
    ['logRetentionDays', '2'],
    ['alarmEmail', 'nobody'],
    ['providerKeysSecretArn', 'my-secret'],
    ['removalPolicy', 'maybe'],
    ['baseUrl', 'https://example.com/'],
    ['allowPrivateTargets', 'perhaps'],
    ['allowPrivateTargets', '10.0.0.0/40'],
    ['retention', '7'],
  ])('refuse %s = %s with a sentence', (name, value) => {
    expect(() => parseSettings({ [name]: value })).toThrow(
      new RegExp(`Invalid settings:\\n  ${name}: .+\\.$`),
    );
  });

  test('are refused all at once', () => {
    expect(() => parseSettings({ retentionDays: 'x', removalPolicy: 'y' })).toThrow(
      /retentionDays: .*\n {2}removalPolicy: /s,
    );
  });
});

describe('the page for whoever deploys', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
  const [, table = ''] = page.split('| setting | type | default | |\n');
  const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(1);
  const named = rows
    .map((row) => row.split(' | '))
    .map(([names = '', type = '', value = '']) => ({
      names: [...names.matchAll(/`(\w+)`/g)].flatMap(([, name]) => name ?? []),
      type,
      value: /^`([^`]*)`$/.exec(value)?.[1],
    }));

  test('names every setting, and no other', () => {
    const all = named.flatMap(({ names }) => names);
    expect(all.toSorted()).toEqual([...settingNames, 'stackName'].toSorted());
  });

  test('says the type and the default that each has', () => {
    const defaults: Readonly<Record<string, unknown>> = parseSettings({});
    const types: Readonly<Record<string, string>> = { string: 'text', number: 'number', boolean: 'boolean' };
    for (const { names, type, value } of named) {
      for (const name of names.filter((each) => each !== 'stackName')) {
        const given = defaults[name];
        const isPlain = given !== undefined && typeof given !== 'object';
        expect([name, type]).toEqual([name, isPlain ? types[typeof given] : type]);
        if (isPlain) expect([name, value]).toEqual([name, String(given)]);
      }
    }
  });
});

describe('a project that cannot be deployed stops the synth with all its problems', () => {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(() => {
    mkdirSync(join(folder, 'agents'));
    const agent = (name: string, timeout: number) =>
      `version: "1.0"\nname: ${name}\nmodel: gemini/gemini-2.5-flash\nsystem_prompt: Answer.\ntimeout: ${timeout}\n`;
    writeFileSync(join(folder, 'agents/slow.yaml'), agent('slow', 3_000));
    writeFileSync(join(folder, 'agents/quick.yaml'), agent('quick', 60));
    const guardrails =
      'guardrails: { input: [{ type: moderation, mode: block, config: { model: anthropic/claude-sonnet-5 } }] }';
    writeFileSync(join(folder, 'agents/guarded.yaml'), agent('guarded', 60) + guardrails);
    const compression = 'context_compression: { model: anthropic/claude-haiku-5 }';
    writeFileSync(join(folder, 'agents/long.yaml'), agent('long', 60) + compression);
    const server = `mcp_servers: [{ name: crm, url: "https://\${CRM_HOST}/mcp", headers: { Authorization: "\${CRM_KEY}" } }]\n`;
    writeFileSync(join(folder, 'agents/tooled.yaml'), agent('tooled', 60) + server);
  });

  test('a missing folder', () => {
    expect(() => makeStack({ project: join(folder, 'nowhere') })).toThrow(/There is no folder/);
  });

  test('a misspelt feature to allow', () => {
    expect(() => makeStack({ project: folder, allowUnsupported: ['knowlege', 'reasoning_budget'] })).toThrow(
      /cannot be deployed:\n {2}allowUnsupported contains the unknown feature "knowlege"; did you mean "knowledge"\?$/,
    );
  });

  test('an agent that may take longer than a function', () => {
    expect(() => makeStack({ project: folder })).toThrow(/agents\/slow\.yaml: timeout: .* at most 840 s/);
  });

  test('a variable of an MCP server that no function would have', () => {
    expect(() => makeStack({ project: folder, agentEnvironment: { CRM_HOST: 'crm.example.com' } })).toThrow(
      /agents\/tooled\.yaml: mcp_servers: the variable CRM_KEY is not set\. Put it into the secret that agentSecretArn names\.$/,
    );
  });

  test('models of a provider that is not allowed', () => {
    expect(() => makeStack({ project: folder, allowedModelProviders: ['openai'] })).toThrow(
      /quick\.yaml: model: gemini\/gemini-2\.5-flash is of no allowed provider; allowed: openai\./,
    );
  });

  test('other models of a provider that is not allowed, such as that of a guardrail', () => {
    expect(() => makeStack({ project: folder, allowedModelProviders: ['gemini'] })).toThrow(
      /guarded\.yaml: guardrails\.input\.0\.config\.model: anthropic\/claude-sonnet-5 is of no allowed provider; allowed: gemini\./,
    );
    expect(() => makeStack({ project: folder, allowedModelProviders: ['gemini'] })).toThrow(
      /long\.yaml: context_compression\.model: anthropic\/claude-haiku-5 is of no allowed provider; allowed: gemini\./,
    );
  });
});

describe('the removal policy', () => {
  test('tags the bucket that is to be emptied with its stack', () => {
    templateOf({ removalPolicy: 'destroy' }).hasResourceProperties('AWS::S3::Bucket', {
      Tags: [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }],
    });
  });

  test('keeps the data unless told otherwise', () => {
    templateOf().hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    templateOf({ removalPolicy: 'destroy' }).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
    });
  });
});
