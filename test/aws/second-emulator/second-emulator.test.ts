import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { startReceiver } from '../../receivers/recording-receiver.ts';
import { eventually } from '../../scenarios/eventually.ts';
import { operatorOf } from '../../scenarios/operator.ts';
import { sendJson } from '../../scenarios/sender.ts';
import * as wire from '../../scenarios/wire.ts';
import { cdk, inContext } from '../cdk.ts';
import { secretOf } from '../deployment.ts';
import { leftovers } from '../leftovers.ts';
import { type ApiFront, startApiFront } from './api-front.ts';
import { type Fakecloud, startFakecloud } from './fakecloud.ts';

const app = 'test/aws/second-emulator/second-app.ts';
const outputs = z.object({
  AgentConnectors: z.looseObject({ ApiUrl: z.url(), FirstOperatorHint: z.string() }),
});
const gatewayUrl = /^https:\/\/\w+\.execute-api\./;

let account: Fakecloud;
let front: ApiFront;
let folder = '';
const target = { baseUrl: '', token: '' };
const operator = operatorOf(target);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'second-emulator-'));
  account = await startFakecloud();
  front = await startApiFront(account.endpoint);
});
afterAll(async () => {
  await front?.stop();
  await account?.stop();
  await rm(folder, { recursive: true, force: true });
});

const settings = () =>
  inContext({
    project: 'test/scenarios/project',
    removalPolicy: 'destroy',
    allowPrivateTargets: 'true',
    baseUrl: front.url,
  });
const assembly = () => ['-o', join(folder, 'out')];

test('a second, independent emulator takes the deployment', async () => {
  const { environment } = account;
  await cdk(environment, app, ['bootstrap', 'aws://000000000000/us-east-1', ...settings(), ...assembly()]);
  const file = join(folder, 'outputs.json');
  const told = ['--progress', 'events', '--outputs-file', file];
  await cdk(environment, app, ['deploy', ...settings(), ...told, ...assembly()]);
  const text = await readFile(file, 'utf8');
  const made = outputs.parse(JSON.parse(text)).AgentConnectors;
  const urls = Object.values(made).filter((value) => gatewayUrl.test(String(value)));
  front.open(z.url().parse(urls[0]));
  target.baseUrl = front.url;
  target.token = await secretOf(account, made.FirstOperatorHint);
});

test('there, a webhook starts a run, and its result is delivered', async () => {
  const receiver = await startReceiver();
  const inbound = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
  await operator.createConnector({ mode: 'outbound', agents: ['shout'], config: { url: receiver.url } });
  const answer = await eventually('the webhook to answer', async () => {
    const { status, json } = await sendJson(inbound, { message: 'hello' });
    return status === 200 && wire.inboundAnswer.parse(json);
  });
  const [runId = ''] = answer.run_ids;
  await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
  const envelope = wire.runEnvelope.parse(JSON.parse(receiver.requests[0]?.body.toString() ?? ''));
  expect(envelope).toMatchObject({ run_id: runId, status: 'completed', output: 'HELLO' });
  await receiver.goDown();
});

test('and a sync webhook answers with its result', async () => {
  const sync = await operator.createConnector({ mode: 'sync', agents: ['shout'] });
  const { result } = wire.syncAnswer.parse((await sendJson(sync, { message: 'now' })).json);
  expect(result).toMatchObject({ status: 'completed', output: 'NOW' });
});

test('no role of the product was refused anything, but for what is refused over plain HTTP', () => {
  const own = account.denials().filter((line) => line.includes('assumed-role/AgentConnectors-Connectors'));
  expect(own.filter((line) => !line.includes('decision=ExplicitDeny'))).toEqual([]);
  // The policies of queues ask for TLS: it has looked at these calls.
  expect(own.filter((line) => line.includes('service=sqs'))).not.toEqual([]);
});

test('and it is destroyed without a rest', async () => {
  await cdk(account.environment, app, ['destroy', '--force', ...settings(), ...assembly()]);
  expect(await leftovers(account)).toEqual([]);
});
