import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  notPosted,
  type ReceiveContext,
  type Received,
  type Refused,
  unauthorizedBecause,
} from '../../core/connectors/received.ts';
import { isJsonObject, type JsonObject, Payload } from '../../core/json/json-value.ts';
import { readBody, readSigned } from '../../providers/read-signed.ts';
import { presets } from '../../signatures/presets.ts';
import { callbackEvent } from './callback-event.ts';
import { accountOf, inboundConfigOf } from './config.ts';
import { eventFiles } from './event-files.ts';
import { interactionEvent } from './interaction-event.ts';
import type { ReadEvent, SlackEvent } from './slack-event.ts';

/** Many times the size of Slack's requests. */
const maxBodyBytes = 1024 * 1024;

const limits = { maxDepth: 100, maxKeys: 50_000 };

/** Leaves time to answer: Slack waits 3 s. */
const filesWithinMs = 2_000;

/** Receives a request from Slack: an event, a slash command, or an action on a message. */
export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  if (request.method !== 'POST') return notPosted;
  const { signing_secret: secret, bot_token: botToken } = (await context.secrets()).config;
  const { scheme } = presets.slack;
  const read =
    secret === undefined
      ? await readBody(request, maxBodyBytes)
      : await readSigned(request, scheme, [secret], maxBodyBytes, context);
  if (read.outcome === 'refused') return read;
  const content = await contentOf(request, read.bytes, context);
  if (secret !== undefined && content.outcome === 'refused') return content;
  const body = content.outcome === 'read' ? content.body : {};
  if (body['type'] === 'url_verification') return challengeAnswer(body);
  if (secret === undefined) return withoutSigningSecret;
  const refused = context.admit();
  if (refused !== null) return refused;
  const event = eventOf(body, request, context);
  return event.outcome === 'read' ? accept(event, request, context, botToken) : event;
}

type Content = { readonly outcome: 'read'; readonly body: JsonObject } | Refused;

/** Events are JSON. Slash commands are forms; actions are forms with one JSON field. */
async function contentOf(
  { headers }: HttpRequest,
  bytes: Uint8Array,
  { readJson, readForm }: ReceiveContext,
): Promise<Content> {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const read = isForm
    ? await readForm(bytes, 'utf-8', { jsonField: 'payload', limits })
    : await readJson(bytes, 'utf-8', limits);
  if (read.outcome === 'refused') return read;
  const { value } = new Payload(read.text);
  return isJsonObject(value) ? { outcome: 'read', body: value } : notFromSlack;
}

/** docs.slack.dev, "url_verification event". */
function challengeAnswer({ challenge }: JsonObject): Received {
  if (typeof challenge !== 'string' || challenge.length > 1_024) return notFromSlack;
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { outcome: 'answered', answer: { status: 200, headers, body: challenge }, reason: null };
}

function eventOf(body: JsonObject, { headers }: HttpRequest, { connector }: ReceiveContext): ReadEvent {
  const { events } = inboundConfigOf(connector.config);
  if (body['type'] === 'event_callback') return callbackEvent(body, events);
  const seconds = Number(headers[presets.slack.scheme.timestamp.header]);
  return interactionEvent(body, events, seconds * 1_000);
}

async function accept(
  { event }: { readonly event: SlackEvent },
  { body }: HttpRequest,
  { connector, allowPrivateTargets }: ReceiveContext,
  botToken: string | undefined,
): Promise<Received> {
  const { api_url: apiUrl } = inboundConfigOf(connector.config);
  const { signal } = new AbortController();
  const collecting = { body, signal, allowPrivateTargets, withinMs: filesWithinMs };
  const { files, warnings } = await eventFiles(event.files, { apiUrl, botToken }, collecting);
  return {
    outcome: 'accepted',
    payload: Payload.of({
      ...event.payload,
      ...(files.length === 0 ? {} : { files: [...files] }),
      _slack: event.sent,
    }),
    context: {},
    modelInput: null,
    warnings,
    repeat: null,
    natural: { key: event.payload.event_id, timeMs: event.timeMs },
    ...(botToken === undefined || event.replyTo === null
      ? {}
      : { origin: { account: accountOf(botToken), address: { ...event.replyTo } } }),
  };
}

const withoutSigningSecret = unauthorizedBecause(
  'The connector has no signing secret yet, so it cannot verify requests of Slack.',
);

const notFromSlack: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail: 'The body is not a request that Slack sends.',
};
