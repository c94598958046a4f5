import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const longMs = 900_000;
let app: string;

const hooks = `
import { AbortTool, type ToolContext } from 'agent-connectors/agent';
export async function before(name: string, params: object, context: ToolContext) {
  if (context.payload === null) throw new AbortTool({ skipped: name });
  return params;
}
`;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'cdk-app-'));
  await install();
  await cp(join(root, 'project'), join(app, 'agents-of-ours'), { recursive: true });
  await mkdir(join(app, 'agents-of-ours/hooks'));
  await writeFile(join(app, 'agents-of-ours/hooks/order-desk.ts'), hooks);
}, longMs);

afterAll(() => rm(app, { recursive: true, force: true }));

/** Unpacks what `npm run package` makes, as npm does, beside everything that npm would install with it. */
async function install(): Promise<void> {
  await run(process.execPath, [join(root, 'lib/package/write-package.ts')]);
  const { stdout } = await run('npm', ['pack', join(root, 'dist/package'), '--json', '--ignore-scripts'], {
    cwd: app,
  });
  const [{ filename }] = JSON.parse(stdout);
  const modules = join(app, 'node_modules');
  const own = join(modules, 'agent-connectors');
  await mkdir(own, { recursive: true });
  await run('tar', ['-xzf', join(app, filename), '-C', own, '--strip-components=1']);
  for (const name of await installed()) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
}

async function installed(): Promise<string[]> {
  const names = await readdir(join(root, 'node_modules'));
  const scopes = names.filter((name) => name.startsWith('@'));
  const scoped = await Promise.all(
    scopes.map(async (scope) =>
      (await readdir(join(root, 'node_modules', scope))).map((name) => `${scope}/${name}`),
    ),
  );
  return [...names.filter((name) => /^[a-z]/.test(name)), ...scoped.flat()];
}

/** Where the app in `file` is synthesized to by the command line of the CDK. */
async function synthesize(file: string): Promise<string> {
  const cdk = join(app, 'node_modules/aws-cdk/bin/cdk');
  const output = join(app, `${file}.out`);
  const command = `"${process.execPath}" ${file}`;
  await run(process.execPath, [cdk, 'synth', '--quiet', '--app', command, '--output', output], { cwd: app });
  return output;
}

/** Where the app in `file` is synthesized to by itself, without the code of functions. */
async function synthesizeTemplate(file: string): Promise<string> {
  const output = join(app, `${file}.out`);
  const context = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });
  const env = { ...process.env, CDK_OUTDIR: output, CDK_CONTEXT_JSON: context };
  await run(process.execPath, [file], { cwd: app, env });
  return output;
}

const packageFile = z.object({
  name: z.string(),
  keywords: z.array(z.string()).optional(),
  engines: z.object({ node: z.string().default('>=0') }).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

async function packageOf(name: string) {
  const text = await readFile(join(app, 'node_modules', name, 'package.json'), 'utf8');
  return packageFile.parse(JSON.parse(text));
}

/** Whether a version of Node is in a range as packages write it: `^22.18.0 || >=24.11.0`. */
function isIn([major = 0, minor = 0]: readonly number[], range: string): boolean {
  return range.split('||').some((part) => {
    const [, sign = '', from = '', then = '0'] = /(>=|\^|)\s*v?(\d+)(?:\.(\d+))?/.exec(part) ?? [];
    const isLater = major === Number(from) && minor >= Number(then);
    return isLater || (sign === '>=' && major > Number(from));
  });
}

const body = `
const app = new App();
const stack = new Stack(app, 'Ours');
const keys = new Secret(stack, 'Keys');
const connectors = new AgentConnectors(stack, 'Connectors', {
  project: './agents-of-ours',
  retentionDays: 7,
  providerKeysSecretArn: keys.secretArn,
});
keys.grantRead(connectors);
new CfnOutput(stack, 'Alarms', { value: connectors.alarmTopic.topicArn });
new CfnOutput(stack, 'Dashboard', { value: connectors.dashboardUrl });
`;

const modern = `
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AgentConnectors } from 'agent-connectors';
${body}`;

const common = `
const { App, CfnOutput, Stack } = require('aws-cdk-lib');
const { Secret } = require('aws-cdk-lib/aws-secretsmanager');
const { AgentConnectors } = require('agent-connectors');
${body}`;

describe('the package in the CDK app of somebody else', () => {
  test('becomes the whole system, with the agents of the app', async () => {
    await writeFile(join(app, 'app.mjs'), modern);
    const output = await synthesize('app.mjs');
    expect(await readFile(join(output, 'Ours.template.json'), 'utf8')).toContain(
      'AWS::CloudFront::Distribution',
    );
    const functions = (await readdir(output)).filter((name) => name.startsWith('asset.'));
    const agents = functions.map((name) =>
      readFile(join(output, name, 'project/project.json'), 'utf8').catch(() => ''),
    );
    expect((await Promise.all(agents)).join()).toContain('order-desk');
    const code = functions.map((name) =>
      readFile(join(output, name, 'project/project.mjs'), 'utf8').catch(() => ''),
    );
    expect((await Promise.all(code)).join()).toContain('AbortTool({ skipped: name })');
  }, 900_000);

  test('says what it is, and shows a page', async () => {
    expect((await packageOf('agent-connectors')).keywords).toContain('cdk-construct');
    const page = await readFile(join(app, 'node_modules/agent-connectors/README.md'), 'utf8');
    expect(page).toContain("import { AgentConnectors } from 'agent-connectors';");
    const schema = await readFile(join(app, 'node_modules/agent-connectors/schemas/agent.json'), 'utf8');
    expect(JSON.parse(schema)).toMatchObject({ title: 'Agent' });
  });

  test('asks for a Node on which all that is installed with it runs', async () => {
    const { engines, dependencies = {} } = await packageOf('agent-connectors');
    const versions = [...(engines?.node ?? '').matchAll(/(\d+)\.(\d+)/g)].map(([, ...parts]) =>
      parts.map(Number),
    );
    expect(versions.length).toBeGreaterThan(0);
    for (const name of Object.keys(dependencies)) {
      const { engines: asked } = await packageOf(name);
      for (const version of versions) {
        const fits = asked === undefined || isIn(version, asked.node);
        expect([name, version, fits]).toEqual([name, version, true]);
      }
    }
  });

  test('is taken by an app of CommonJS modules as well', async () => {
    await writeFile(join(app, 'app.cjs'), common);
    const output = await synthesizeTemplate('app.cjs');
    expect(await readFile(join(output, 'Ours.template.json'), 'utf8')).toContain(
      'AWS::CloudFront::Distribution',
    );
  });

  test('brings its types along', async () => {
    await writeFile(join(app, 'app.mts'), `${modern}${hooks}`);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--types', 'node', 'app.mts'];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '--ignoreConfig', '--skipLibCheck', ...options], {
      cwd: app,
    });
    expect(stdout).toBe('');
    await writeFile(join(app, 'wrong.mts'), modern.replace('retentionDays', 'retentionWeeks'));
    const wrong = run(
      process.execPath,
      [tsc, '--ignoreConfig', '--skipLibCheck', ...options.with(-1, 'wrong.mts')],
      { cwd: app },
    );
    await expect(wrong).rejects.toMatchObject({ stdout: expect.stringContaining('retentionWeeks') });
    await writeFile(join(app, 'text.mts'), modern.replace('retentionDays: 7', "retentionDays: '7'"));
    const text = run(
      process.execPath,
      [tsc, '--ignoreConfig', '--skipLibCheck', ...options.with(-1, 'text.mts')],
      { cwd: app },
    );
    await expect(text).rejects.toMatchObject({
      stdout: expect.stringContaining("'string' is not assignable to type 'number'"),
    });
  });
});
