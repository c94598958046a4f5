import type { HttpAnswer, HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type Answered,
  notPosted,
  type ReceiveContext,
  type Received,
  type Refused,
  unauthorizedBecause,
} from '../../core/connectors/received.ts';
import { type Fields, parseFields } from '../../core/json/form-fields.ts';
import { Payload } from '../../core/json/json-value.ts';
import { readBody } from '../../providers/read-signed.ts';
import { presets } from '../../signatures/presets.ts';
import { isSigned } from '../../signatures/request-signature.ts';
import { apiUrlOf, withoutPrefix } from './account-fields.ts';
import { inboundConfigOf } from './inbound-config.ts';
import { mediaFiles } from './media-files.ts';

const twilioScheme = presets.twilio.scheme;

/** Many times the size of Twilio's requests. */
const maxBodyBytes = 256 * 1024;

/** Leaves time to answer: Twilio waits 15 s. */
const filesWithinMs = 8_000;

/** How long repeats are recognised. Twilio retries immediately or not at all. */
const validForMs = 24 * 3_600_000;

/** Receives an incoming message (twilio.com/docs/messaging/guides/webhook-request). */
export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  if (request.method !== 'POST') return notPosted;
  if (request.headers[twilioScheme.header] === undefined) return notFromTwilio;
  const body = await readBody(request, maxBodyBytes);
  if (body.outcome === 'refused') return body;
  const form = parseFields(Buffer.from(body.bytes).toString('latin1'), 'utf-8', 'The form');
  if (form.outcome === 'refused') return form;
  const authToken = (await context.secrets()).config['auth_token'];
  if (authToken === undefined) return withoutAuthToken;
  const signed = { ...request, body: body.bytes, url: urlOf(request), parameters: form.fields };
  if (!isSigned(twilioScheme, signed, [authToken], context.now, 0)) return wrongSignature;
  const refused = context.admit();
  if (refused !== null) return refused;
  const message = messageOf(form.fields);
  if (message === null) return notAMessage;
  const reason = reasonToIgnore(message, context);
  return reason === null ? accept(message, authToken, request, context) : ignored(reason);
}

const withoutAuthToken = unauthorizedBecause(
  'The connector has no auth token, so it cannot verify requests of Twilio.',
);
const notFromTwilio = unauthorizedBecause(
  'The request does not have the header X-Twilio-Signature, with which Twilio signs its requests.',
);
const wrongSignature = unauthorizedBecause(
  'The signature does not match: the auth token is that of another account, or Twilio calls another URL than that of this connector.',
);

function urlOf({ url = '', query }: HttpRequest): string {
  return query === '' ? url : `${url}?${query}`;
}

type Parameters = Readonly<Record<string, string>>;

/** An incoming message; `from` is its sender. */
interface Message {
  readonly sid: string;
  readonly parameters: Parameters;
  readonly channel: string;
  readonly from: string;
  readonly to: string;
}

/** `null` if the form is not a message. */
function messageOf(fields: Fields): Message | null {
  const parameters = Object.fromEntries([...fields].map(([name, values]) => [name, values.at(-1) ?? '']));
  const { MessageSid: sid = '', From: from = '', To: to = '' } = parameters;
  if (sid === '' || sid.length > 256 || from === '' || to === '') return null;
  const { channel, bare } = withoutPrefix(from);
  return { sid, parameters, channel, from: bare, to: withoutPrefix(to).bare };
}

function reasonToIgnore(
  { parameters, channel, from, to }: Message,
  { connector }: ReceiveContext,
): string | null {
  const config = inboundConfigOf(connector.config);
  const status = parameters['MessageStatus'] ?? 'received';
  if (status !== 'received') return 'Reports about sent messages start no runs.';
  if (channel !== config.channel) return `Messages of another channel than ${config.channel} start no runs.`;
  if (config.sender === undefined) return null;
  if (from === config.sender) return "The connector does not react to its own sender's messages.";
  return to === config.sender ? null : 'Messages to other senders start no runs.';
}

async function accept(
  { sid, parameters, channel, from, to }: Message,
  authToken: string,
  { body }: HttpRequest,
  { connector, allowPrivateTargets }: ReceiveContext,
): Promise<Received> {
  const config = inboundConfigOf(connector.config);
  const account = config.account_sid;
  const { signal } = new AbortController();
  const collecting = { body, signal, allowPrivateTargets, withinMs: filesWithinMs };
  const access = { apiUrl: apiUrlOf(config), accountSid: account, authToken };
  const { files, warnings } = await mediaFiles(parameters, access, collecting);
  return {
    outcome: 'accepted',
    payload: Payload.of({
      text: parameters['Body'] ?? '',
      from,
      to,
      channel,
      message_sid: sid,
      conversation_id: `${channel}:${to}:${from}`,
      files: [...files],
      _twilio: parameters,
    }),
    context: {},
    modelInput: null,
    warnings,
    // Twilio reports no sending time, so the runs have no place in time of their own.
    repeat: { key: `message ${sid}`, fingerprint: sid, validForMs },
    natural: null,
    origin: { account, address: { channel, from, to } },
  };
}

/** An empty reply: the product sends its own (twilio.com/docs/messaging/twiml). */
export const noReply: HttpAnswer = {
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-store' },
  body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
};

function ignored(reason: string): Answered {
  return { outcome: 'answered', answer: noReply, reason };
}

const notAMessage: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail: 'The form is not a Twilio message: it needs "MessageSid", "From", and "To".',
};
