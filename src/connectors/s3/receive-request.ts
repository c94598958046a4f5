import { matchesSecret, senderSecrets } from '../../core/connectors/connector-secrets.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type ReceiveContext,
  type Received,
  refuseEvent,
  unauthorized,
} from '../../core/connectors/received.ts';
import { readBody } from '../../providers/read-signed.ts';
import { receiveSns } from '../../providers/receive-sns.ts';
import { snsScheme } from '../../signatures/sns.ts';
import { inboundConfigOf } from './inbound-config.ts';
import { receiveText } from './receive.ts';

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
  if (!senderSecrets(request).some(isKnown)) return unauthorized;
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
