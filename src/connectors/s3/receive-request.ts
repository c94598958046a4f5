import * as z from 'zod';
import { matchesSecret } from '../../core/connectors/connector-secrets.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type ReceiveContext,
  type Received,
  type Refused,
  unauthorized,
} from '../../core/connectors/received.ts';
import { refuseEvent } from '../../core/connectors/refuse-event.ts';
import { RetryableError } from '../../core/errors.ts';
import { networkError } from '../../net/network-error.ts';
import { type SnsFields, snsScheme } from '../../signatures/sns.ts';
import { senderSecret } from '../sender-secret.ts';
import { confirmSubscription, isFromSns, type SnsOrigin } from '../sns-message.ts';
import { type InboundConfig, inboundConfigOf } from './inbound-config.ts';
import { type Memory, receiveText } from './receive.ts';

/** More than EventBridge and SNS send. */
const maxBytes = 1_048_576;

const message = z.looseObject({ Type: z.string(), TopicArn: z.string() }).catchall(z.unknown());

/** Receives an event: an SNS message signed by SNS, or any request with the secret, such as an API destination's. */
export async function receiveRequest(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  if (request.method !== 'POST') return methodNotAllowed;
  return request.headers[snsScheme.typeHeader] === undefined
    ? receiveWithSecret(request, context)
    : receiveFromSns(request, context);
}

async function receiveWithSecret(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const { secretHashes } = context.connector;
  const secret = senderSecret(request);
  if (secret === null || !matchesSecret(secret, secretHashes, context.now)) return unauthorized;
  const refused = context.admit();
  if (refused !== null) return refused;
  const body = await textOf(request);
  return typeof body === 'string' ? receiveText(body, context, request.body) : body;
}

async function receiveFromSns(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const body = await textOf(request);
  if (typeof body !== 'string') return body;
  const config = inboundConfigOf(context.connector.config);
  const fields = fieldsOf(body);
  // Anyone can have SNS sign messages of their own topic.
  if (fields === null || config.topic_arn === undefined || fields['TopicArn'] !== config.topic_arn) {
    return unauthorized;
  }
  const origin = { endpoint: config.endpoint, privateTargets: context.allowPrivateTargets };
  if (!(await orLater(() => isFromSns(fields, origin, context.now)))) return unauthorized;
  return receiveSigned(fields, origin, config, context, request.body);
}

async function receiveSigned(
  fields: SnsFields,
  origin: SnsOrigin,
  { topic_arn: topic }: InboundConfig,
  context: ReceiveContext,
  memory: Memory,
): Promise<Received> {
  switch (fields['Type']) {
    case 'SubscriptionConfirmation': {
      const confirmed = await orLater(() => confirmSubscription(fields, origin));
      return confirmed ? answered(`The subscription to ${topic} is confirmed.`) : unauthorized;
    }
    case 'UnsubscribeConfirmation':
      return answered(`The subscription to ${topic} has ended.`);
    default:
      return context.admit() ?? receiveText(fields['Message'] ?? '', context, memory);
  }
}

/** Turns a failure into an answer that makes SNS send the message again. */
async function orLater<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (thrown) {
    throw new RetryableError(`SNS cannot be asked: ${networkError(thrown)}`, { cause: thrown });
  }
}

async function textOf({ body }: HttpRequest): Promise<string | Refused> {
  const bytes = await body.bytes(maxBytes);
  if (bytes === 'too-large') return tooLarge;
  return bytes === 'interrupted' ? interrupted : Buffer.from(bytes).toString();
}

/** The text fields of a message, which include all signed ones. */
function fieldsOf(body: string): SnsFields | null {
  const read = message.safeParse(parsed(body));
  if (!read.success) return null;
  const texts = Object.entries(read.data).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answered(reason: string): Received {
  return { outcome: 'answered', answer: null, reason };
}

const methodNotAllowed = refuseEvent('method-not-allowed', 'Events are sent by POST.');
const tooLarge = refuseEvent('too-large', `The event has more than ${maxBytes} bytes.`);
const interrupted = refuseEvent('malformed', 'The body broke off before its end.');
