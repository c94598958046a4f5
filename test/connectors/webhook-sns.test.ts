import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken, type RunningProduct, runProduct } from '../running-product.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { type SnsServer, startSnsServer } from './sns-server.ts';

/* A webhook whose sender is a topic of SNS. */

let product: RunningProduct;
let operator: Operator;
let sns: SnsServer;

beforeAll(async () => {
  sns = await startSnsServer();
  product = await runProduct();
  operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
});
afterAll(async () => {
  await product.stop();
  await sns.stop();
});

const authOf = (change = {}) => ({ type: 'sns', topic_arn: sns.topicArn, endpoint: sns.url, ...change });

async function connect(change = {}, more = {}) {
  const created = await operator.createConnector({
    type: 'webhook',
    mode: 'inbound',
    agents: ['echo'],
    config: { auth: authOf(change), ...more },
  });
  return { ...created, url: created.url ?? '' };
}

const runsOf = ({ id }: { readonly id: string }) => operator.all(wire.runSummary, `/runs?connector=${id}`);

describe('a topic of SNS', () => {
  test('that is subscribed to a webhook is confirmed by it, which its history says', async () => {
    const connector = await connect();
    const message = sns.sign({
      Type: 'SubscriptionConfirmation',
      Message: 'You have chosen to subscribe',
      Token: 'token-1',
      SubscribeURL: `${sns.url}/confirm?Token=token-1`,
    });
    expect(await sns.post(connector.url, message)).toBe(200);
    expect(sns.confirmed).toEqual(['/confirm?Token=token-1']);
    expect(await runsOf(connector)).toEqual([]);
    await eventually('the history', async () => {
      const { json } = await operator.call('GET', `/connectors/${connector.id}/history`);
      return JSON.stringify(json).includes(`The subscription to ${sns.topicArn} is confirmed.`);
    });
  });

  test('is not confirmed at an address of somebody else', async () => {
    const connector = await connect();
    const SubscribeURL = 'https://example.com/confirm';
    const fields = { Type: 'SubscriptionConfirmation', Message: '', Token: 't', SubscribeURL };
    expect(await sns.post(connector.url, sns.sign(fields))).toBe(401);
  });

  test('starts one run for a message, with its content beside its facts, and none for a repeat', async () => {
    const connector = await connect();
    const message = sns.sign({ Message: '{"AlarmName":"High CPU","Threshold":1.10}', Subject: 'ALARM' });
    expect(await sns.post(connector.url, message)).toBe(200);
    expect(await sns.post(connector.url, message)).toBe(200);
    const [run, ...others] = await runsOf(connector);
    expect(others).toEqual([]);
    expect((await operator.run(run?.run_id ?? '')).payload).toEqual({
      AlarmName: 'High CPU',
      Threshold: 1.1,
      _sns: {
        Type: 'Notification',
        MessageId: message['MessageId'],
        TopicArn: sns.topicArn,
        Subject: 'ALARM',
        Timestamp: message['Timestamp'],
        SignatureVersion: '2',
      },
    });
  });

  test.each<[string, Record<string, string>, object]>([
    ['a fresh Idempotency-Key', { 'idempotency-key': 'fresh' }, {}],
    ['the ids of senders turned off', {}, { preset_dedupe: false }],
    [
      'the id of a CloudEvent',
      { 'ce-specversion': '1.0', 'ce-id': 'fresh', 'ce-source': '/', 'ce-type': 'a' },
      {},
    ],
  ])('starts no second run for a message that somebody sends again with %s', async (_, headers, more) => {
    const connector = await connect({}, more);
    const message = sns.sign({ Message: 'The disk is full.', Subject: 'ALARM' });
    expect(await sns.post(connector.url, message)).toBe(200);
    expect(await sns.post(connector.url, message, headers)).toBe(200);
    expect(await runsOf(connector)).toHaveLength(1);
  });

  test('is refused with a message whose id is made of other fields, or is in another field', async () => {
    const connector = await connect();
    const { Subject = '', ...message } = sns.sign({ Message: 'a', Subject: 'ALARM' });
    const id = message['MessageId'] ?? '';
    const captured = [
      { ...message, MessageId: `${id}\nSubject\n${Subject}` },
      { ...message, Subject, Message: `a\nMessageId\n${id}`, MessageId: 7 },
    ];
    for (const changed of captured) expect(await sns.post(connector.url, changed)).toBe(401);
    expect(await runsOf(connector)).toEqual([]);
  });

  test('may send text', async () => {
    const connector = await connect();
    expect(await sns.post(connector.url, sns.sign({ Message: 'The disk is full.' }))).toBe(200);
    const [run] = await runsOf(connector);
    expect((await operator.run(run?.run_id ?? '')).payload).toMatchObject({ message: 'The disk is full.' });
  });

  test.each([
    ['an altered message', () => ({ ...sns.sign({ Message: 'a' }), Message: 'b' })],
    ['a message of another topic', () => sns.sign({ Message: 'a', TopicArn: `${sns.topicArn}-2` })],
    [
      'a certificate from elsewhere',
      () => sns.sign({ Message: 'a', SigningCertURL: 'https://example.com/certificate.pem' }),
    ],
    ['a message from before yesterday', () => sns.sign({ Message: 'a', Timestamp: daysAgo(2) })],
  ])('is refused with %s', async (_, message) => {
    const connector = await connect();
    expect(await sns.post(connector.url, message())).toBe(401);
    expect(await runsOf(connector)).toEqual([]);
  });

  test('is asked for again while its certificate cannot be fetched', async () => {
    const endpoint = sns.url.replace(/:\d+$/, ':1');
    const connector = await connect({ endpoint });
    const message = sns.sign({ SigningCertURL: `${endpoint}/x.pem`, Message: 'a' });
    expect(await sns.post(connector.url, message)).toBe(503);
  });

  test('needs an ARN, and an endpoint that the system may call', async () => {
    const create = (change: object) =>
      operator.call('POST', '/connectors', {
        type: 'webhook',
        mode: 'inbound',
        name: 'alarms',
        config: { auth: authOf(change) },
      });
    expect(JSON.stringify((await create({ topic_arn: 'alarms' })).json)).toContain(
      'Enter the ARN of an SNS topic.',
    );
    const { status, json } = await create({ endpoint: 'http://169.254.169.254/' });
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain('auth.endpoint');
  });
});

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}
