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

/** Findings that the templates live with, each with the reason. */
const lived: Readonly<Record<string, string>> = {
  W3005:
    'The CDK lets a function wait for its role, so that the policies are there with it; the role alone says so twice.',
};

const finding = z.object({ Rule: z.object({ Id: z.string() }), Message: z.string() });

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
    const template = structuredClone(templateOf().toJSON());
    template['Resources'].Wrong = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 100_000 } };
    expect(await findings(template)).toContainEqual(expect.stringMatching(/^E\d+ 100000 is greater/));
  });
});
