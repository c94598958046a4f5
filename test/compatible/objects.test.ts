import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken, type RunningProduct, runProduct } from '../running-product.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { accessKey, type JavaServer, startObjectServer } from './java-server.ts';

/* Objects of S3Proxy, whose content the embedded engine reads. */

const bucket = 'uploads';
let server: JavaServer;
let product: RunningProduct;
let operator: Operator;
let s3: S3Client;

beforeAll(async () => {
  [server, product] = await Promise.all([startObjectServer(), runProduct()]);
  operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = accessKey;
  const credentials = { accessKeyId, secretAccessKey };
  s3 = new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    // The server does not know the checksums that the SDK adds by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(async () => {
  await product?.stop();
  await server?.remove();
});

async function connect(change = {}) {
  const config = { bucket, region: 'us-east-1', endpoint: server.url, include_content: true, ...accessKey };
  const draft = { type: 's3', mode: 'inbound', agents: ['echo'], config: { ...config, ...change } } as const;
  const created = await operator.createConnector(draft);
  return { ...created, url: created.url ?? '' };
}

const put = (Key: string, Body: string | Uint8Array, ContentType = 'text/plain') =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));

type Connected = Awaited<ReturnType<typeof connect>>;

/** Posts the event of a new object, as a server with webhooks does. @returns the status of the answer */
async function tell({ url, secret }: Connected, key: string, size: number): Promise<number> {
  const object = { key: encodeURIComponent(key), size, sequencer: key };
  const record = {
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    eventTime: '2026-01-01T00:00:00Z',
    awsRegion: 'us-east-1',
    s3: { bucket: { name: bucket }, object },
  };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const body = JSON.stringify({ Records: [record] });
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

async function runOf({ id }: Connected) {
  const [found] = await eventually('the run', async () => {
    const runs = await operator.all(wire.runSummary, `/runs?connector=${id}`);
    return runs.length > 0 && runs;
  });
  return operator.run(found?.run_id ?? '');
}

describe('a new object', () => {
  test.each([
    ['text/red flower+1 ä.txt', Buffer.from('Grüße'), 'text/plain', { text: 'Grüße', encoding: 'utf-8' }],
    ['image.jpg', Buffer.of(0xff, 0xd8, 0), 'image/jpeg', { text: '/9gA', encoding: 'base64' }],
  ])('starts a run with its content: %s', async (key, body, type, content) => {
    const connector = await connect();
    await put(key, body, type);
    expect(await tell(connector, key, body.length)).toBe(200);
    const { payload, warnings } = await runOf(connector);
    expect(warnings).toEqual([]);
    expect(payload).toMatchObject({
      key,
      content: { content_type: type, size_bytes: body.length, ...content },
    });
  });

  test.each([
    ['gone', 5, 'it does not exist any more'],
    ['large', 0, 'it is larger than 1 MB (max_file_size_mb)'],
  ])('that is %s starts a run without content, and with a warning', async (key, size, why) => {
    const connector = await connect({ max_file_size_mb: 1 });
    await put('large', 'x'.repeat(2_000_000));
    expect(await tell(connector, key, size)).toBe(200);
    expect((await runOf(connector)).warnings).toEqual([`The content of "${key}" is left out: ${why}.`]);
  });

  test('of 10,000 starts one run, and their repeats none', async () => {
    const connector = await connect({ include_content: false });
    for (let from = 0; from < 10_000; from += 100) {
      const keys = Array.from({ length: 100 }, (_, n) => `burst/${from + n}`);
      const again = keys.slice(0, 10);
      const answers = await Promise.all([...keys, ...again].map((key) => tell(connector, key, 1)));
      expect(answers.filter((status) => status !== 200)).toEqual([]);
    }
    expect(await operator.all(wire.runSummary, `/runs?connector=${connector.id}`)).toHaveLength(10_000);
  });

  test('is told again while the server is away, and its content is there when the server is back', async () => {
    const connector = await connect();
    await server.stop();
    expect(await tell(connector, 'later', 5)).toBe(503);
    await server.start();
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await put('later', 'Hello');
    expect(await tell(connector, 'later', 5)).toBe(200);
    expect((await runOf(connector)).payload).toMatchObject({ content: { text: 'Hello' } });
  });
});

test('a test of the connector names wrong credentials', async () => {
  const config = { bucket, region: 'us-east-1', endpoint: server.url, include_content: true, ...accessKey };
  const tested = async (change: object) => {
    const draft = { mode: 'inbound', config: { ...config, ...change } };
    return (await operator.call('POST', '/connector-types/s3/test', draft)).text;
  };
  await put('first', 'x');
  expect(await tested({})).toContain('its objects can be read');
  expect(await tested({ secret_access_key: 'another' })).toContain('SignatureDoesNotMatch');
});
