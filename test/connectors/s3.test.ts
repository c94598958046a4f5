import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { busEvent, notification } from '../../src/connectors/s3/samples.ts';
import { adminToken, type RunningProduct, runProduct } from '../running-product.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { type SnsServer, startSnsServer } from './sns-server.ts';

/* Events of a bucket at the URL of a connector: signed as by SNS, and with the secret as from an API destination. */

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

async function connect(config = {}) {
  const created = await operator.createConnector({
    type: 's3',
    mode: 'inbound',
    agents: ['echo', 'shout'],
    config: { bucket: 'my-uploads', topic_arn: sns.topicArn, endpoint: sns.url, ...config },
  });
  return { ...created, url: created.url ?? '' };
}

const runsOf = ({ id }: { readonly id: string }) => operator.all(wire.runSummary, `/runs?connector=${id}`);
const notified = (message: object = notification) => sns.sign({ Message: JSON.stringify(message) });

const history = z.looseObject({ items: z.array(z.looseObject({ detail: z.string().nullish() })) });

async function historyOf({ id }: { readonly id: string }): Promise<string> {
  const answer = await operator.call('GET', `/connectors/${id}/history`);
  return JSON.stringify(history.parse(answer.json).items);
}

describe('a topic of SNS', () => {
  test('that is subscribed to the URL of a connector is confirmed by it', async () => {
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
    expect(await historyOf(connector)).toContain('is confirmed');
  });

  test('starts one run of every agent for an object, and none when SNS sends it again', async () => {
    const connector = await connect();
    const message = notified();
    expect(await sns.post(connector.url, message)).toBe(200);
    expect(await sns.post(connector.url, message)).toBe(200);
    // EventBridge tells the same event.
    const headers = { 'content-type': 'application/json', 'x-connic-secret': connector.secret };
    const body = JSON.stringify(busEvent);
    expect((await fetch(connector.url, { method: 'POST', headers, body })).status).toBe(200);
    const runs = await runsOf(connector);
    expect(runs.map(({ agent_name }) => agent_name).sort()).toEqual(['echo', 'shout']);
    expect((await operator.run(runs[0]?.run_id ?? '')).payload).toEqual({
      bucket: 'my-uploads',
      key: 'in/red flower+1.jpg',
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      event_name: 'ObjectCreated:Put',
      event_time: '2021-11-12T00:00:00.123Z',
      _s3: {
        event_source: 'aws:s3',
        aws_region: 'ca-central-1',
        request_id: 'N4N7GDK58NMKJ12R',
        source_ip: '1.2.3.4',
        sequencer: '617f08299329d189',
        version_id: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
      },
    });
  });

  test.each([
    ['an altered message', () => ({ ...notified(), Message: '{}' })],
    [
      'a topic of somebody else',
      () => sns.sign({ TopicArn: 'arn:aws:sns:us-east-1:999999999999:uploads', Message: '{}' }),
    ],
    [
      'a certificate from elsewhere',
      () => sns.sign({ SigningCertURL: 'https://example.com/certificate.pem', Message: '{}' }),
    ],
  ])('is refused with %s', async (_, message) => {
    const connector = await connect();
    expect(await sns.post(connector.url, message())).toBe(401);
    expect(await runsOf(connector)).toEqual([]);
  });

  test('is refused where the connector names none, and does not make it call anybody', async () => {
    const created = await operator.createConnector({
      type: 's3',
      mode: 'inbound',
      agents: ['echo'],
      config: { bucket: 'my-uploads' },
    });
    expect(await sns.post(created.url ?? '', notified())).toBe(401);
  });

  test('is told to come again while its certificate cannot be fetched', async () => {
    const connector = await connect();
    const message = sns.sign({ SigningCertURL: `${sns.url.replace(/:\d+$/, ':1')}/x.pem`, Message: '{}' });
    expect(await sns.post(connector.url, message)).toBe(401);
    const away = await connect({ endpoint: sns.url.replace(/:\d+$/, ':1') });
    const fromAway = sns.sign({ SigningCertURL: `${sns.url.replace(/:\d+$/, ':1')}/x.pem`, Message: '{}' });
    expect(await sns.post(away.url, fromAway)).toBe(503);
  });
});

describe('an event that a connector does not want', () => {
  test.each([
    ['of another bucket', { bucket: 'other-uploads' }, 'from another bucket'],
    ['of a key with another prefix', { prefix: 'out/' }, 'another prefix or suffix'],
  ])('%s is taken and starts nothing, which its history says', async (_, config, reason) => {
    const connector = await connect(config);
    expect(await sns.post(connector.url, notified())).toBe(200);
    expect(await runsOf(connector)).toEqual([]);
    await eventually('the history', async () => (await historyOf(connector)).includes(reason));
  });

  test('is the one with which S3 tests its notifications', async () => {
    const connector = await connect();
    const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'my-uploads' };
    expect(await sns.post(connector.url, notified(testEvent))).toBe(200);
    expect(await runsOf(connector)).toEqual([]);
  });
});

test('half an access key is refused when the connector is created', async () => {
  const config = { bucket: 'my-uploads', access_key_id: 'AKIAIOSFODNN7EXAMPLE' };
  const draft = { name: 'half', type: 's3', mode: 'inbound', agents: [], config };
  const refused = await operator.call('POST', '/connectors', draft);
  expect(wire.refusal.parse(refused.json).detail).toContain(
    'Enter both the access key ID and the secret access key, or neither.',
  );
});

describe('a request without a signature of SNS', () => {
  const send = (url: string, body: string, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const post = async (...sent: Parameters<typeof send>) => (await send(...sent)).status;

  test('is refused without the secret, and where there is no connector', async () => {
    const connector = await connect();
    expect(await post(connector.url, JSON.stringify(busEvent))).toBe(401);
    expect(await post(connector.url, JSON.stringify(busEvent), { 'x-connic-secret': 'wrong' })).toBe(401);
  });

  test('is refused with a sentence where it is no event', async () => {
    const connector = await connect();
    const refused = await send(connector.url, '{"hello":1}', { 'x-connic-secret': connector.secret });
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({
      status: 400,
      body: { detail: 'The body is neither an S3 notification nor an S3 event from EventBridge.' },
    });
  });
});
