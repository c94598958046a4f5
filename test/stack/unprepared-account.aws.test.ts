import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { leftovers } from '../aws/leftovers.ts';
import { cdkScreen } from './command-line-screen.ts';
import { makeStack, removeAssemblies } from './synthesized.ts';

afterAll(removeAssemblies);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unprepared-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('cdk deploy into an account without cdk bootstrap says what to run, and makes nothing', async () => {
  makeStack({}, { outdir: folder }).app.synth();
  const account = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  const env = Object.fromEntries(account.map(([name, value]) => [name, value ?? '']));
  const args = ['deploy', '--require-approval', 'never', '--app', folder];
  const { failed, text } = await cdkScreen(args, { HOME: folder, ...env });
  expect(failed).toBe(true);
  expect(text).toMatch(/Has the environment been bootstrapped\? Please run 'cdk bootstrap'/);
  const left = await leftovers({ endpoint: process.env['AWS_ENDPOINT_URL'] ?? '' });
  expect(left.filter((name) => name.includes('AgentConnectors'))).toEqual([]);
});
