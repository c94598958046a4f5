import { matchesSecret, senderSecrets } from '../../core/connectors/connector-secrets.ts';
import type { HttpRequest, RequestBody } from '../../core/connectors/http-request.ts';
import {
  type ReceiveContext,
  type Received,
  type Refused,
  refuseEvent,
  refuseSecrets,
} from '../../core/connectors/received.ts';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import { readBody } from '../../providers/read-signed.ts';
import { receiveSns } from '../../providers/receive-sns.ts';
import { snsScheme } from '../../signatures/sns.ts';
import { type InboundConfig, inboundConfigOf } from './inbound-config.ts';
import { factsOf, markerOf, type ObjectEvent, readObjectEvents } from './object-event.ts';
import { unwantedReason } from './wanted-event.ts';

/** An event as a rule sends it and a dead letter keeps it. */
export interface BucketEvent {
  /** JSON. */
  readonly text: string;
}

/** Receives an event from a rule. */
export async function receive({ text }: BucketEvent, context: ReceiveContext): Promise<Received> {
  return context.admit() ?? receiveText(text, context);
}

/** Counts the memory of a request, if the platform does. */
export type Memory = Pick<RequestBody, 'hold'>;

/**
 * Takes what S3 or EventBridge says of an object, from a sender who has proved who it is and was admitted.
 *
 * @param memory counts that of the object
 */
async function receiveText(text: string, context: ReceiveContext, memory: Memory = {}): Promise<Received> {
  const read = readObjectEvents(text);
  if (read.outcome === 'unreadable') return notAnEvent;
  if (read.outcome === 'test') return ignored('S3 has tested its notifications.');
  const [event, ...others] = read.events;
  if (event === undefined) return ignored('A notification had no records.');
  if (others.length > 0) return severalRecords;
  const config = inboundConfigOf(context.connector.config);
  const reason = unwantedReason(event, config);
  return reason === null ? acceptedEvent(event, config, context, memory) : ignored(reason);
}

async function acceptedEvent(
  event: ObjectEvent,
  config: InboundConfig,
  context: ReceiveContext,
  memory: Memory,
): Promise<Received> {
  const { content, warnings } = await contentFor(event, config, context, memory);
  const { bucket, key, versionId, sequencer, name, time } = event;
  const timeMs = Date.parse(time);
  return {
    outcome: 'accepted',
    payload: Payload.of({ ...factsOf(event), ...content, _s3: markerOf(event) }),
    context: {},
    modelInput: null,
    warnings,
    repeat: null,
    natural: {
      key: `${bucket}\n${key}\n${versionId ?? sequencer ?? ''}\n${name}`,
      // EventBridge reports whole seconds and S3 fractions; rounding down makes the same event from both equal.
      timeMs: Number.isNaN(timeMs) ? 0 : Math.max(0, Math.floor(timeMs / 1_000) * 1_000),
    },
  };
}

/** Events after which the object can be read. */
const readable =
  /^(ObjectCreated|ObjectRestore:Completed|ObjectTagging|ObjectAcl|LifecycleTransition|IntelligentTiering)/;

interface Content {
  readonly content: JsonObject;
  readonly warnings: readonly string[];
}

async function contentFor(
  event: ObjectEvent,
  config: InboundConfig,
  { connector, secrets, allowPrivateTargets: privateTargets }: ReceiveContext,
  memory: Memory,
): Promise<Content> {
  if (!config.include_content || !readable.test(event.name)) return { content: {}, warnings: [] };
  const values = connector.secretFields.length === 0 ? {} : (await secrets()).config;
  // The first object that is read loads the client.
  const { readContent } = await import('./object-content.ts');
  const hold = memory.hold?.bind(memory);
  const read = await readContent({ config, secrets: values, privateTargets, hold }, event);
  return read.outcome === 'read'
    ? { content: { content: read.content }, warnings: [] }
    : { content: {}, warnings: [read.warning] };
}

/** Accepts the event without starting a run. */
function ignored(reason: string): Received {
  return { outcome: 'answered', answer: null, reason };
}

const notAnEvent: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail: 'The body is neither an S3 notification nor an S3 event from EventBridge.',
};

const severalRecords: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail: 'The notification has several records; S3 sends one in each.',
};

/** More than EventBridge sends. */
const maxBytes = 1_048_576;

/** Receives an event: an SNS message signed by SNS, or any request with the secret, such as an API destination's. */
export async function receiveRequest(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  if (request.method !== 'POST') return methodNotAllowed;
  return request.headers[snsScheme.typeHeader] === undefined
    ? receiveWithSecret(request, context)
    : receiveFromSns(request, context);
}

async function receiveWithSecret(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const { secretHashes } = context.connector;
  const isKnown = (secret: string) => matchesSecret(secret, secretHashes, context.now);
  const secrets = senderSecrets(request);
  if (!secrets.some(isKnown)) return refuseSecrets(secrets);
  const refused = context.admit();
  if (refused !== null) return refused;
  const body = await readBody(request, maxBytes);
  if (body.outcome === 'refused') return body;
  return receiveText(Buffer.from(body.bytes).toString(), context, request.body);
}

async function receiveFromSns(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const { topic_arn: topic, endpoint } = inboundConfigOf(context.connector.config);
  const origin = { endpoint, privateTargets: context.allowPrivateTargets };
  const received = await receiveSns(request, topic, origin, context.now);
  if (received.outcome !== 'notified') return received;
  const { Message: text } = received.message;
  return context.admit() ?? receiveText(typeof text === 'string' ? text : '', context, request.body);
}

const methodNotAllowed = refuseEvent('method-not-allowed', 'Events are sent by POST.');
