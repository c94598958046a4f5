import { matchesSecret } from '../../core/connectors/connector-secrets.ts';
import type { HttpAnswer } from '../../core/connectors/http-answer.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import { isProbe, probeAnswer } from '../../core/connectors/probe-answer.ts';
import {
  type Answered,
  type ReceiveContext,
  type Refused,
  unauthorized,
} from '../../core/connectors/received.ts';
import { parseFields } from '../../core/json/form-fields.ts';
import { isJsonObject, type JsonObject } from '../../core/json/json-value.ts';
import type { Payload } from '../../core/json/payload.ts';
import { hmac } from '../../signatures/hmac.ts';
import type { AuthConfig } from './auth-config.ts';

// Challenges by which senders verify that the owner of a newly registered URL wants their events.

/**
 * Answers a challenge that precedes all events and has no credentials, or has its own.
 *
 * @returns `null` if the request is not a challenge
 */
export function answerQuestion(request: HttpRequest, context: ReceiveContext): Answered | Refused | null {
  if (isProbe(request)) return answered(withHandshake(request, probeAnswer(request)));
  if (request.method !== 'GET') return null;
  const okta = request.headers['x-okta-verification-challenge'];
  if (okta !== undefined) return answered(json({ verification: okta }));
  return request.query.includes('challenge=') ? answerQuery(request, context) : null;
}

/** CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery", section 4: grants a sender's request to send events here. */
function withHandshake({ method, headers }: HttpRequest, answer: HttpAnswer): HttpAnswer {
  const { 'webhook-request-origin': origin } = headers;
  if (method !== 'OPTIONS' || origin === undefined) return answer;
  const allowed = { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' };
  return { ...answer, headers: { ...answer.headers, ...allowed } };
}

function answerQuery({ query }: HttpRequest, context: ReceiveContext): Answered | Refused | null {
  const parsed = parseFields(query, 'utf-8', 'The query');
  if (parsed.outcome === 'refused') return null;
  const one = (name: string) => parsed.fields.get(name)?.at(0);
  const meta = one('hub.challenge');
  if (meta !== undefined && one('hub.mode') === 'subscribe') {
    const { secretHashes } = context.connector;
    const known = matchesSecret(one('hub.verify_token') ?? '', secretHashes, context.now);
    return known ? answered(text(meta)) : unauthorized;
  }
  const dropbox = one('challenge');
  const isAlone = [...parsed.fields.keys()].every((name) => name === 'challenge' || name === 'secret');
  return dropbox !== undefined && isAlone ? answered(text(dropbox)) : null;
}

/**
 * Answers a challenge that a known sender signs like an event.
 *
 * @param secrets that the sender may sign with
 * @returns `null` if the payload is an event
 */
export async function answerSignedQuestion(
  { type }: AuthConfig,
  { value }: Payload,
  secrets: () => Promise<readonly string[]>,
): Promise<Answered | null> {
  if (!isJsonObject(value)) return null;
  if (type === 'slack') return slackAnswer(value);
  if (type === 'discord') return value['type'] === discordPing ? answered(json({ type: discordPing })) : null;
  return type === 'zoom' ? zoomAnswer(value, await secrets()) : null;
}

/** docs.slack.dev, "url_verification event". */
function slackAnswer({ type, challenge }: JsonObject): Answered | null {
  return type === 'url_verification' && typeof challenge === 'string' ? answered(text(challenge)) : null;
}

/** docs.discord.com, "Interactions overview": PING, and the answer PONG. */
const discordPing = 1;

/** developers.zoom.us, "Validate your webhook endpoint". */
function zoomAnswer({ event, payload }: JsonObject, [secret = '']: readonly string[]): Answered | null {
  if (event !== 'endpoint.url_validation' || !isJsonObject(payload)) return null;
  const { plainToken } = payload;
  if (typeof plainToken !== 'string') return null;
  const encryptedToken = hmac('sha256', Buffer.from(secret), [plainToken]).toString('hex');
  return answered(json({ plainToken, encryptedToken }));
}

function answered(answer: HttpAnswer): Answered {
  return { outcome: 'answered', answer, reason: null };
}

function json(body: JsonObject): HttpAnswer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status: 200, headers, body: JSON.stringify(body) };
}

/** The `nosniff` header stops browsers from rendering a sender's text as a page. */
function text(body: string): HttpAnswer {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  return { status: 200, headers, body };
}
