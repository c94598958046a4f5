import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type BundledFunction, startBundledFunction } from '../../../test/aws/bundled-function.ts';
import { sampleConnector, sampleDispatch, sampleEnd, sampleLease } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { webhook } from '../../connectors/webhook/index.ts';
import { createConnector } from '../../core/connectors/create-connector.ts';
import { planDeliveries } from '../../core/deliveries/plan-deliveries.ts';
import { work } from './usage.ts';

/** What CloudWatch adds to the text of a log line, in bytes (CloudWatch Logs user guide, "PutLogEvents"). */
const bytesOfEvent = 26;
const traced = {
  _X_AMZN_TRACE_ID: 'Root=1-6a4c2a1e-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=0',
};

let made: TestEngine;
let receiver: Receiver;
let started: BundledFunction | null = null;

beforeAll(async () => {
  made = await testEngine({ types: new Map([['webhook', webhook]]) });
  made.now = Date.now();
  receiver = await startReceiver();
  const config = { url: receiver.url };
  const outbound = { name: 'Receiver', type: 'webhook', mode: 'outbound', config, agents: ['echo'] } as const;
  expect(await createConnector(made.engine, 'test', outbound)).toMatchObject({ outcome: 'created' });
});
afterEach(() => started?.stop());
afterAll(() => receiver.goDown());

/** Log volume of one call of a function, in kB, after a first call. Lambda itself logs only failed calls. */
async function loggedKb(entry: string, event: () => Promise<unknown>) {
  started = await startBundledFunction(entry, made.resources, process.env['AWS_ENDPOINT_URL'] ?? '', {
    POWERTOOLS_SERVICE_NAME: entry,
    ...traced,
  });
  await started.invoke(await event());
  started.takeLines();
  await started.invoke(await event());
  return (
    started.takeLines().reduce((bytes, line) => bytes + Buffer.byteLength(line) + bytesOfEvent, 0) / 1_024
  );
}

const queueEvent = (id: string) => ({
  Records: [
    {
      messageId: id,
      body: JSON.stringify({ id }),
      attributes: {},
      receiptHandle: 'none',
      eventSource: 'aws:sqs',
    },
  ],
});

async function queuedRun(): Promise<string> {
  const dispatch = sampleDispatch(made.now, { agents: ['echo'] });
  await made.engine.runs.dispatch(dispatch);
  return dispatch.runs[0]?.runId ?? '';
}

async function endedRun(): Promise<string> {
  const runId = await queuedRun();
  const lease = sampleLease(made.now);
  await made.engine.runs.claim(runId, lease);
  await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
  return runId;
}

async function streamEvent(runId: string): Promise<unknown> {
  const NewImage = {
    sk: { S: 'RUN' },
    status: { S: 'completed' },
    planned: { BOOL: false },
    listed: { S: `000001767225600000#${runId}` },
  };
  return { Records: [{ eventID: 'e', eventName: 'MODIFY', dynamodb: { NewImage, SequenceNumber: '1' } }] };
}

async function request(mode: 'inbound' | 'sync'): Promise<unknown> {
  const connector = sampleConnector(made.now, { mode, config: { auth: { type: 'none' } } });
  await made.engine.connectors.create(connector);
  const suffix = mode === 'sync' ? '/sync' : '';
  const path = `/webhooks/${connector.id}${suffix}`;
  return {
    httpMethod: 'POST',
    resource: `/webhooks/{connector_id}${suffix}`,
    path,
    pathParameters: { connector_id: connector.id },
    multiValueHeaders: { 'Content-Type': ['application/json'] },
    multiValueQueryStringParameters: null,
    requestContext: {
      identity: { sourceIp: '192.0.2.1' },
      domainName: 'api.example',
      stage: 'prod',
      path: `/prod${path}`,
    },
    body: '{"order":"A-1"}',
    isBase64Encoded: false,
  };
}

test.each<[keyof typeof work, string, () => Promise<unknown>]>([
  ['accept', 'webhook', () => request('inbound')],
  ['execute', 'runner', async () => queueEvent(await queuedRun())],
  ['acceptAndExecute', 'webhook-sync', () => request('sync')],
  ['plan', 'outbound', async () => streamEvent(await endedRun())],
  [
    'deliver',
    'deliver',
    async () => queueEvent((await planDeliveries(made.engine, await endedRun()))[0] ?? ''),
  ],
  ['reconcile', 'reconcile', async () => ({})],
])('the cost model knows how much "%s" writes into its log', async (name, entry, event) => {
  const measured = await loggedKb(entry, event);
  expect(work[name].logKb).toBeGreaterThanOrEqual(measured);
  expect(work[name].logKb).toBeLessThanOrEqual(1.4 * measured);
});
