import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { serveLocally } from '../local-server.ts';

/** Lambda's API of an account, with event sources for Kafka. */
export interface KafkaMappings {
  readonly endpoint: string;
  /** What mappings were made with, in order. */
  readonly made: Fields[];
  /** While set, mappings take no change: as between two of their states. */
  busy: boolean;
  stop(): Promise<void>;
}

type Fields = Readonly<Record<string, unknown>>;
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Fields;
}

const fields = z.record(z.string(), z.unknown());

/** What the emulator does not keep of a mapping. */
const kafkaFields = new Set([
  'EventSourceArn',
  'SelfManagedEventSource',
  'Topics',
  'AmazonManagedKafkaEventSourceConfig',
  'SelfManagedKafkaEventSourceConfig',
  'SourceAccessConfigurations',
  'ProvisionedPollerConfig',
  'StartingPosition',
]);

const inUse: Answer = {
  status: 400,
  headers: { 'x-amzn-errortype': 'ResourceInUseException' },
  body: { message: 'The event source mapping is being changed.' },
};

/**
 * Stands before an emulated account that knows no Kafka: it is told of mappings for a queue instead, and looks after
 * aliases, ids and states itself; what belongs to Kafka is put back into its answers.
 */
export async function startKafkaMappings(account: string, queueArn: string): Promise<KafkaMappings> {
  const kept = new Map<string, Fields>();

  const mapping = async (request: IncomingMessage, sent: Fields): Promise<Answer> => {
    if (mappings.busy && request.method !== 'GET') return inUse;
    const isNew = request.method === 'POST';
    if (isNew) mappings.made.push(sent);
    const passed = isNew ? { ...without(sent), EventSourceArn: queueArn } : without(sent);
    const answer = await forward(account, request, passed);
    const uuid = String(answer.body['UUID'] ?? '');
    kept.set(uuid, { ...kept.get(uuid), ...only(sent) });
    return { ...answer, body: restored(answer.body) };
  };

  const restored = (body: Fields): Fields => {
    const listed = z.array(fields).safeParse(body['EventSourceMappings']);
    if (listed.success) return { ...body, EventSourceMappings: listed.data.map(restored) };
    return { ...body, ...kept.get(String(body['UUID'])) };
  };

  const server = await serveLocally(async (request, response) => {
    const hasBody = request.method === 'POST' || request.method === 'PUT';
    const sent = hasBody ? fields.parse(await json(request)) : {};
    const isMapping = request.url?.includes('/event-source-mappings');
    const { status, headers, body } = await (isMapping
      ? mapping(request, sent)
      : forward(account, request, sent));
    response.writeHead(status, headers);
    response.end(status === 204 ? '' : JSON.stringify(body));
  });
  const mappings: KafkaMappings = {
    endpoint: server.url,
    made: [],
    busy: false,
    stop: server.stop,
  };
  return mappings;
}

async function forward(account: string, request: IncomingMessage, sent: Fields): Promise<Answer> {
  const { method = 'GET', url = '/' } = request;
  const hasBody = method === 'POST' || method === 'PUT';
  const answer = await fetch(new URL(url, account), {
    method,
    headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
    ...(hasBody ? { body: JSON.stringify(sent) } : {}),
  });
  const text = await answer.text();
  const error = answer.headers.get('x-amzn-errortype');
  return {
    status: answer.status,
    headers: error === null ? {} : { 'x-amzn-errortype': error },
    body: text === '' ? {} : fields.parse(JSON.parse(text)),
  };
}

function only(sent: Fields): Fields {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => kafkaFields.has(name)));
}

function without(sent: Fields): Fields {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !kafkaFields.has(name)));
}
