import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cdkScreen } from './command-line-screen.ts';
import { makeStack, removeAssemblies } from './synthesized.ts';

afterAll(removeAssemblies);

const app = `"${process.execPath}" bin/app.ts`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-line-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refused(...args: readonly string[]): Promise<string> {
  const out = ['--app', app, '--output', join(folder, 'out')];
  const { failed, text } = await cdkScreen(['synth', '--quiet', ...args, ...out], { HOME: folder });
  expect(failed).toBe(true);
  expect(await readdir(join(folder, 'out')).catch(() => [])).not.toContain('manifest.json');
  return text;
}

describe('cdk synth stops before anything is made', () => {
  test('at every setting of the wrong form, all at once', async () => {
    const wrong = { retentionDays: 'soon', runnerConcurrency: '1', stackName: '9_', retentionDay: '7' };
    const text = await refused(
      ...Object.entries(wrong).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    );
    expect(text).toContain(
      [
        'Invalid settings:',
        '  stackName: expected at most 128 letters, digits, and hyphens, starting with a letter.',
        '  retentionDay: unknown setting. Did you mean "retentionDays"?',
        '  retentionDays: expected a whole number from 1 to 3650.',
        '  runnerConcurrency: expected a whole number from 2 to 1000.',
      ].join('\n'),
    );
    expect(text).not.toMatch(/^ +at /m);
  });

  test('at everything that is wrong with the project, file and line first', async () => {
    const agents = join(folder, 'broken/agents');
    await mkdir(agents, { recursive: true });
    await writeFile(join(agents, 'one.yaml'), 'version: "1.0"\nname: one\nmodle: demo/scripted\n');
    await writeFile(join(agents, 'two.yaml'), 'version: "1.0"\nname: two\ntype: tool\ntool_name: a.b\n');
    const text = await refused('-c', `project=${join(folder, 'broken')}`);
    expect(text).toContain(`The agent project ${join(folder, 'broken')} cannot be deployed:\n`);
    expect(text).toMatch(
      /^ {2}agents\/one\.yaml:3: modle: There is no field "modle"\. Did you mean "model"\?$/m,
    );
    expect(text).toMatch(/^ {2}agents\/two\.yaml:4: tool_name: There is no file tools\/a\.ts for "a\.b"\.$/m);
    expect(text).not.toMatch(/^ +at /m);
  });

  test('at a project folder that is not there', async () => {
    expect(await refused('-c', 'project=./nowhere')).toMatch(/There is no folder .*nowhere/);
  });
});

test('cdk deploy without credentials says that it knows no account', async () => {
  const assembly = join(folder, 'assembly');
  makeStack({}, { outdir: assembly }).app.synth();
  const nobody = { HOME: folder, AWS_REGION: 'eu-west-1' };
  const { failed, text } = await cdkScreen(['deploy', '--app', assembly], nobody);
  expect(failed).toBe(true);
  expect(text).toContain('Unable to resolve AWS account to use.');
});
