import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type Answered,
  type ReceiveContext,
  type Refused,
  unauthorizedBecause,
} from '../../core/connectors/received.ts';
import { isJsonObject, type JsonObject, Payload } from '../../core/json/json-value.ts';
import { receiveSns, type SnsMessage } from '../../providers/receive-sns.ts';
import { isTimely } from '../../signatures/signature-scheme.ts';
import type { SnsAuth } from './auth-config.ts';
import { type Authenticated, maxDepth } from './read-payload.ts';

/**
 * How old a message may be: as long as its id is remembered, so that nobody can send it again. SNS repeats a message
 * for an hour at most (SNS developer guide, "Creating an HTTP/S delivery policy").
 */
const toleranceSeconds = 24 * 3_600;

/** Authenticates a message of SNS by its signature, or confirms the subscription. */
export async function authenticateSns(
  request: HttpRequest,
  { topic_arn: topic, endpoint }: SnsAuth,
  context: ReceiveContext,
): Promise<Authenticated | Answered | Refused> {
  const origin = { endpoint, privateTargets: context.allowPrivateTargets };
  const received = await receiveSns(request, topic, origin, context.now);
  if (received.outcome !== 'notified') return received;
  const { message } = received;
  if (!isTimely(String(message['Timestamp']), context.now, toleranceSeconds, 'iso')) return tooOld;
  const read = { outcome: 'read', payload: await payloadOf(message, context), warnings: [] } as const;
  return { outcome: 'authenticated', request, read, signedId: message.MessageId };
}

const tooOld = unauthorizedBecause('The message of Amazon SNS is dated more than a day from now.');

/** The content of a message: the fields of a JSON object, or `message`; beside it its facts under `_sns`. */
async function payloadOf(sent: SnsMessage, { readJson }: ReceiveContext): Promise<Payload> {
  const { Message: text, Signature, SigningCertURL, UnsubscribeURL, ...facts } = sent;
  const written = typeof text === 'string' ? text : '';
  const limits = { maxDepth, maxKeys: written.length };
  const read = await readJson(Buffer.from(written), 'utf-8', limits);
  const content = read.outcome === 'read' ? new Payload(read.text).exact : written;
  const fields: JsonObject = isJsonObject(content) ? content : { message: content };
  return Payload.of({ ...fields, _sns: facts });
}
