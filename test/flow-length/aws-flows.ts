import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { packProject } from '../../lib/project/pack-project.ts';
import { parseSettings } from '../../lib/settings/settings.ts';
import { type AwsClients, awsClients } from '../../src/engines/aws/clients.ts';
import { variablesOf } from '../aws/bundled-function.ts';
import { createResources } from '../aws/engine-resources.ts';
import { startReceiver } from '../receivers/recording-receiver.ts';
import { createdConnector, type FlowFiles, filesInEach, rounds } from './flow-files.ts';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';

const token = 'flow-length';
const returned = z.object({ returned: z.unknown() });
const httpAnswer = z.object({ statusCode: z.number(), body: z.string() });
const failures = z.object({ batchItemFailures: z.array(z.unknown()).max(0) });

/** Measures the flows through the functions of a deployment, on the emulated account of this process's environment. */
export async function awsFlows(): Promise<FlowFiles> {
  const clients = awsClients();
  const resources = await createResources(clients);
  const tokenSecretId = `${resources.tableName}-token`;
  await (await clients.secrets()).send(new CreateSecretCommand({ Name: tokenSecretId, SecretString: token }));
  const folder = await mkdtemp(join(tmpdir(), 'flow-length-'));
  const { agentsWithCode } = packProject(parseSettings({ project: 'test/scenarios/project' }));
  for (const { from, to } of agentsWithCode) await cp(from, join(folder, to), { recursive: true });
  const receiver = await startReceiver();
  const measured = startMeasured('test/flow-length/functions-process.ts', [], {
    ...process.env,
    ...variablesOf(resources),
    CONNECTOR_CACHE_SECONDS: '60',
    FIRST_TOKEN_SECRET_ID: tokenSecretId,
    LAMBDA_TASK_ROOT: folder,
  });
  try {
    return await measure(measured, clients, resources, receiver.url);
  } finally {
    await measured.stop();
    await receiver.goDown();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  measured: MeasuredProcess,
  clients: AwsClients,
  { runQueueUrl, deliveryQueueUrl }: { readonly runQueueUrl: string; readonly deliveryQueueUrl: string },
  receiverUrl: string,
): Promise<FlowFiles> {
  const invoke = async (entry: string, event: unknown) =>
    returned.parse(await measured.ask({ entry, event })).returned;
  const create = async (mode: string, config: object) => {
    const body = { name: `${mode} ${crypto.randomUUID()}`, type: 'webhook', mode, agents: ['echo'], config };
    const request = requestEvent('/api/v1/connectors', token, body);
    const answer = httpAnswer.parse(await invoke('api', request));
    if (answer.statusCode !== 201) throw new Error(answer.body);
    return createdConnector.parse(JSON.parse(answer.body));
  };
  const inbound = await create('inbound', {});
  await create('outbound', { url: receiverUrl });
  const take = async (queueUrl: string, entry: string) => {
    failures.parse(await invoke(entry, { Records: [await takeMessage(clients, queueUrl)] }));
  };
  const deliverOne = async () => {
    const request = requestEvent(`/webhooks/${inbound.id}`, inbound.secret, { order: 'A-1' });
    const { body } = httpAnswer.parse(
      await invoke('webhook', { ...request, pathParameters: { connector_id: inbound.id } }),
    );
    const { run_ids } = z.object({ run_ids: z.tuple([z.string()]) }).parse(JSON.parse(body));
    await take(runQueueUrl, 'runner');
    failures.parse(await invoke('outbound', endOfRun(run_ids[0])));
    await take(deliveryQueueUrl, 'deliver');
  };
  // The first event loads what is loaded when it is needed.
  await deliverOne();
  const delivered = await filesInEach(rounds, () => measured.functionsOf(deliverOne));
  const created = await filesInEach(rounds, () =>
    measured.functionsOf(async () => void (await create('inbound', {}))),
  );
  return { delivered, created };
}

/** What API Gateway passes on for a request with a JSON body. */
function requestEvent(path: string, bearer: string, body: object) {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${bearer}`,
    host: 'localhost',
  };
  return {
    httpMethod: 'POST',
    path,
    resource: path,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    requestContext: { stage: 'live', path, domainName: 'localhost', identity: { sourceIp: '192.0.2.1' } },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}

/** One message of a queue, as an event source mapping passes it on. */
async function takeMessage({ sqs }: AwsClients, QueueUrl: string) {
  for (;;) {
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, WaitTimeSeconds: 1 }),
    );
    if (message === undefined) continue;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
    };
  }
}

/** What the table's stream says of a run that has ended. */
function endOfRun(runId: string) {
  const image = {
    sk: { S: 'RUN' },
    status: { S: 'completed' },
    planned: { BOOL: false },
    listed: { S: `000001767225600000#${runId}` },
  };
  const dynamodb = { NewImage: image, SequenceNumber: '1', StreamViewType: 'NEW_IMAGE' };
  return { Records: [{ eventID: '1', eventName: 'MODIFY', dynamodb }] };
}
