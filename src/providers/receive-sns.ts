import * as z from 'zod';
import type { HttpRequest } from '../core/connectors/http-request.ts';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { type Answered, type Refused, unauthorizedBecause } from '../core/connectors/received.ts';
import { RetryableError } from '../core/errors.ts';
import { jsonValue } from '../core/json/json-value.ts';
import { guardedText } from '../net/guarded-request.ts';
import { networkError } from '../net/network-error.ts';
import { isSignedBySns, isSnsCertificateUrl, isSnsUrl, type SnsFields } from '../signatures/sns.ts';
import { readBody } from './read-signed.ts';

/** More than SNS sends. */
const maxBytes = 1_048_576;

/**
 * The id has one line: the signed text separates fields by line breaks, so an id with several lines could contain other
 * fields, and a message without a readable one would have its id in another field.
 */
const messageId = z.string().regex(/^[\w-]{1,100}$/);

const message = z
  .looseObject({ Type: z.string(), TopicArn: z.string(), MessageId: messageId })
  .catchall(jsonValue);

export type SnsMessage = z.infer<typeof message>;

/**
 * Receives a request of SNS: verifies its signature, and confirms the subscription if it asks for that.
 *
 * @param topic ARN of the topic; requests of other topics are refused
 * @param now Unix ms
 * @returns a notification with all its fields, signed or not
 * @throws RetryableError if SNS cannot be asked for its certificate, or does not confirm
 */
export async function receiveSns(
  request: HttpRequest,
  topic: string | undefined,
  origin: SnsOrigin,
  now: number,
): Promise<{ readonly outcome: 'notified'; readonly message: SnsMessage } | Answered | Refused> {
  const body = await readBody(request, maxBytes);
  if (body.outcome === 'refused') return body;
  const read = message.safeParse(parsed(Buffer.from(body.bytes).toString()));
  // Anyone can have SNS sign messages of their own topic.
  if (!read.success || topic === undefined || read.data.TopicArn !== topic) return ofAnotherTopic;
  const fields = textFields(read.data);
  if (!(await orLater(() => isFromSns(fields, origin, now)))) return notSigned;
  switch (read.data.Type) {
    case 'SubscriptionConfirmation': {
      const confirmed = await orLater(() => confirmSubscription(fields, origin));
      return confirmed ? answered(`The subscription to ${topic} is confirmed.`) : withForeignUrl;
    }
    case 'UnsubscribeConfirmation':
      return answered(`The subscription to ${topic} has ended.`);
    default:
      return { outcome: 'notified', message: read.data };
  }
}

const ofAnotherTopic = unauthorizedBecause(
  'The request is not a message of Amazon SNS from the topic of this connector.',
);
const notSigned = unauthorizedBecause('The message does not have a valid signature of Amazon SNS.');
const withForeignUrl = unauthorizedBecause(
  'The URL that would confirm the subscription does not belong to Amazon SNS.',
);

/** Turns a failure into an answer that makes SNS send the message again. */
async function orLater<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (thrown) {
    throw new RetryableError(`Amazon SNS cannot be reached: ${networkError(thrown)}`, { cause: thrown });
  }
}

/** The text fields of a message, which include all signed ones. */
function textFields(sent: SnsMessage): SnsFields {
  const texts = Object.entries(sent).filter(
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

function answered(reason: string): Answered {
  return { outcome: 'answered', answer: null, reason };
}

/** A certificate has about 2 kB, and the answer to a confirmation less. */
const mostBytes = 65_536;
const withinMs = 5_000;

/** A day is short enough: SNS changes its certificate about once a year. */
const keptMs = 24 * 3_600 * 1_000;
const mostKept = 50;

const certificates = new Map<string, { readonly pem: string; readonly until: number }>();

/** The origin of messages: SNS, or a compatible server that the configuration names. */
interface SnsOrigin {
  /** URL of the compatible server. */
  readonly endpoint: string | undefined;
  readonly privateTargets: PrivateTargets;
}

/**
 * Whether SNS signed a message. The certificate is fetched only from SNS or from the configured server.
 *
 * @param now Unix ms
 * @throws an error of the network where the certificate cannot be fetched
 */
async function isFromSns(fields: SnsFields, origin: SnsOrigin, now: number): Promise<boolean> {
  const url = fields['SigningCertURL'] ?? '';
  if (!isSnsCertificateUrl(url) && !isOfEndpoint(url, origin)) return false;
  return isSignedBySns(fields, await certificateAt(url, origin, now), now);
}

/**
 * Confirms a subscription as its message asks. @returns whether the message names a trusted URL
 * @throws an error of the network where SNS does not confirm it
 */
async function confirmSubscription(fields: SnsFields, origin: SnsOrigin): Promise<boolean> {
  const url = fields['SubscribeURL'] ?? '';
  if (!isSnsUrl(url) && !isOfEndpoint(url, origin)) return false;
  await guardedText(url, origin.privateTargets, mostBytes, AbortSignal.timeout(withinMs));
  return true;
}

function isOfEndpoint(url: string, { endpoint }: SnsOrigin): boolean {
  return endpoint !== undefined && URL.canParse(url) && new URL(url).origin === new URL(endpoint).origin;
}

async function certificateAt(url: string, { privateTargets }: SnsOrigin, now: number): Promise<string> {
  const known = certificates.get(url);
  if (known !== undefined && known.until > now) return known.pem;
  const pem = await guardedText(url, privateTargets, mostBytes, AbortSignal.timeout(withinMs));
  if (certificates.size >= mostKept) certificates.clear();
  certificates.set(url, { pem, until: now + keptMs });
  return pem;
}
