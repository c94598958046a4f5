import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import { createApiKey } from '../../src/core/operators/api-keys.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { sampleConnector, sampleDispatch, sampleEnd, sampleLease } from './samples.ts';
import { type TestEngine, testEngine } from './test-engine.ts';
import { type Fault, startWatchedAccount, type WatchedAccount } from './watched-account.ts';

/** Of the documentation's request. */
const signedBody = 'Hello from Lambda!';

const outages: Fault[] = ['throttled', 'unavailable', 'cut'];
const httpAnswer = z.object({ statusCode: z.number(), body: z.string() });
/** A stream of events that has ended, as its reader knows it. */
const eventsAnswer = z.object({
  statusCode: z.literal(200),
  headers: z.object({ 'content-type': z.literal('text/event-stream; charset=utf-8') }),
  body: z.string().transform((text) => {
    const read = { id: '', retryMs: 0, data: [] as unknown[] };
    createParser({
      onEvent: ({ data }) => read.data.push(JSON.parse(data)),
      onId: (id) => Object.assign(read, { id }),
      onRetry: (retryMs) => Object.assign(read, { retryMs }),
    }).feed(text);
    return read;
  }),
});
const batchAnswer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });
let made: TestEngine;
let account: WatchedAccount;
let started: BundledFunction | null = null;

beforeAll(async () => {
  made = await testEngine();
  account = await startWatchedAccount(process.env['AWS_ENDPOINT_URL']);
});
afterEach(async () => {
  await started?.stop();
  account.clear();
});
afterAll(() => account.stop());

async function start(entry: string): Promise<BundledFunction> {
  started = await startBundledFunction(entry, made.resources, account.endpoint);
  return started;
}

/** An event as AWS's documentation shows it (see samples/README.md). */
async function sample(name: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(import.meta.dirname, `samples/${name}.json`), 'utf8');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

describe("an event of AWS's documentation, as it is", () => {
  test.each(['webhook', 'webhook-sync', 'api', 'events'])(
    'is answered by %s with a refusal',
    async (entry) => {
      const returned = await (await start(entry)).invoke(await sample('rest-api-event'));
      const { statusCode, body } = httpAnswer.parse(returned);
      expect([401, 404, 405]).toContain(statusCode);
      expect(JSON.parse(body)).toEqual({
        code: expect.any(String),
        detail: expect.stringMatching(/^[A-Z].*\.$/),
      });
    },
  );

  test.each(['runner', 'deliver', 'cron'])(
    'comes back to the queue of %s, message by message',
    async (entry) => {
      const returned = await (await start(entry)).invoke(await sample('sqs-event'));
      const ids = batchAnswer.parse(returned).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      expect(ids.sort()).toEqual([
        '059f36b4-87a3-44ab-83d2-661975830a7d',
        '2e1424d4-f796-459a-8184-9c92662be6da',
      ]);
    },
  );

  test('is no end of a run for outbound', async () => {
    const returned = await (await start('outbound')).invoke(await sample('dynamodb-stream-event'));
    expect(returned).toEqual({ batchItemFailures: [] });
    expect(account.calls).toEqual([]);
  });

  test('lets reconcile have its look', async () => {
    await (await start('reconcile')).invoke(await sample('scheduled-event'));
    expect(account.calls.map(({ name }) => name)).toContain('DynamoDB Query');
    expect(account.calls.filter(({ status }) => status !== 200)).toEqual([]);
  });
});

/** The documentation's request, to an inbound webhook of ours. */
async function requestTo(connectorId: string): Promise<Record<string, unknown>> {
  const event = await sample('rest-api-event');
  const parameters = { connector_id: connectorId };
  return { ...event, httpMethod: 'POST', path: `/webhooks/${connectorId}`, pathParameters: parameters };
}

/** The documentation's stream event, with the end of a run of ours in its second record. */
async function endOf(runId: string): Promise<unknown> {
  const { Records } = z
    .object({ Records: z.array(z.looseObject({})) })
    .parse(await sample('dynamodb-stream-event'));
  const image = {
    sk: { S: 'RUN' },
    status: { S: 'completed' },
    planned: { BOOL: false },
    listed: { S: `000001767225600000#${runId}` },
  };
  const dynamodb = { NewImage: image, SequenceNumber: '222', StreamViewType: 'NEW_IMAGE' };
  return { Records: [Records[0], { ...Records[1], dynamodb }] };
}

describe('with something of ours in it', () => {
  test('a request makes a run', async () => {
    const connector = sampleConnector(made.now, { config: { auth: { type: 'none' } } });
    await made.engine.connectors.create(connector);
    const returned = await (await start('webhook')).invoke(await requestTo(connector.id));
    const { statusCode, body } = httpAnswer.parse(returned);
    expect({ statusCode, body: JSON.parse(body) }).toMatchObject({
      statusCode: 200,
      body: { status: 'ok', dispatched_to: 1 },
    });
  });

  test("a compressed delivery of GitHub makes a run that knows its event, and GitHub's repeat makes none", async () => {
    const connector = sampleConnector(made.now, { config: { auth: { type: 'github' } } });
    await made.engine.connectors.create(connector);
    await made.engine.secrets.change(connector.id, (stored) => ({ ...stored, current: 'secret' }));
    const body = gzipSync('{"action":"opened"}');
    const digest = createHmac('sha256', 'secret').update(body).digest('hex');
    const event = {
      ...(await requestTo(connector.id)),
      multiValueHeaders: {
        'Content-Type': ['application/json'],
        'Content-Encoding': ['gzip'],
        'X-GitHub-Event': ['issues'],
        'X-GitHub-Delivery': ['72d3162e'],
        'X-Hub-Signature-256': [`sha256=${digest}`],
      },
      multiValueQueryStringParameters: { from: ['github'], secret: ['s'] },
      body: body.toString('base64'),
      isBase64Encoded: true,
    };
    const webhook = await start('webhook');
    const first = httpAnswer.parse(await webhook.invoke(event));
    expect(first.statusCode).toBe(200);
    const { run_ids } = z.object({ run_ids: z.tuple([z.string()]) }).parse(JSON.parse(first.body));
    const run = await made.engine.runs.get(run_ids[0]);
    expect(run?.payload.text).toBe('{"action":"opened"}');
    expect(run?.context).toEqual({
      request: {
        method: 'POST',
        headers: { 'x-github-event': 'issues', 'x-github-delivery': '72d3162e' },
        query: { from: 'github' },
      },
    });
    expect(await webhook.invoke(event)).toMatchObject({
      body: first.body,
      headers: { 'idempotent-replayed': 'true' },
    });
  });

  test('events are told at once, from where the caller asked last, and the function is done', async () => {
    const draft = { name: 'watcher', role: 'viewer', expiresInSeconds: null } as const;
    const created = await createApiKey(made.engine, 'admin-token', draft);
    if (created.outcome !== 'created') throw new Error(created.outcome);
    const events = await start('events');
    const ask = async (lastEventId?: string) => {
      const answer = await events.invoke({
        ...(await sample('rest-api-event')),
        httpMethod: 'GET',
        path: '/api/v1/events',
        multiValueQueryStringParameters: null,
        multiValueHeaders: {
          Authorization: [`Bearer ${created.text}`],
          ...(lastEventId === undefined ? {} : { 'Last-Event-ID': [lastEventId] }),
        },
        body: null,
      });
      return eventsAnswer.parse(answer).body;
    };
    const first = await ask();
    const dispatch = sampleDispatch(made.now);
    await made.engine.runs.dispatch(dispatch);
    const second = await ask(first.id);
    expect(first.data).toEqual([]);
    expect(second.data).toEqual([
      expect.objectContaining({ type: 'run.updated', id: dispatch.runs[0]?.runId }),
    ]);
    expect(await ask(second.id)).toEqual({ id: second.id, retryMs: 5_000, data: [] });
  });

  test.each([
    ['HEAD', 200],
    ['OPTIONS', 204],
  ])('a sender that looks with %s is told nothing', async (httpMethod, statusCode) => {
    const request = { ...(await requestTo('nobody')), httpMethod };
    expect(await (await start('webhook')).invoke(request)).toMatchObject({ statusCode, body: '' });
  });

  test.each(outages)(
    'a request comes back later to a fresh instance that gets no sealing key (%s)',
    async (fault) => {
      const connector = sampleConnector(made.now, { config: { auth: { type: 'github' } } });
      await made.engine.connectors.create(connector);
      await made.engine.secrets.change(connector.id, (stored) => ({ ...stored, current: 'secret' }));
      const webhook = await start('webhook');
      const digest = createHmac('sha256', 'secret').update(signedBody).digest('hex');
      const signature = `sha256=${digest}`;
      const event = {
        ...(await requestTo(connector.id)),
        multiValueHeaders: { 'x-hub-signature-256': [signature] },
      };
      account.fault = ({ service }) => (service === 'secretsmanager' ? fault : 'none');
      expect(await webhook.invoke(event)).toMatchObject({
        statusCode: 503,
        headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) },
      });
      account.clear();
      expect(await webhook.invoke(event)).toMatchObject({ statusCode: 200 });
    },
  );

  test.each(outages)(
    'an end that could not be planned comes back alone, and is planned once (%s)',
    async (fault) => {
      const dispatch = sampleDispatch(made.now);
      const [{ runId } = { runId: '' }] = dispatch.runs;
      const config = { url: 'https://receiver.example' };
      await made.engine.connectors.create(sampleConnector(made.now, { mode: 'outbound', config }));
      await made.engine.runs.dispatch(dispatch);
      const lease = sampleLease(made.now);
      await made.engine.runs.claim(runId, lease);
      await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
      const outbound = await start('outbound');
      account.fault = () => fault;
      const failed = { batchItemFailures: [{ itemIdentifier: '222' }] };
      expect(await outbound.invoke(await endOf(runId))).toEqual(failed);
      account.clear();
      expect(await outbound.invoke(await endOf(runId))).toEqual({ batchItemFailures: [] });
      expect(await outbound.invoke(await endOf(runId))).toEqual({ batchItemFailures: [] });
      const deliveries = await made.engine.deliveries.list({ limit: 10, cursor: null, runId });
      expect(new Set(deliveries.items.map(({ connectorId }) => connectorId)).size).toBe(
        deliveries.items.length,
      );
      expect(deliveries.items.length).toBeGreaterThan(0);
    },
  );
});
