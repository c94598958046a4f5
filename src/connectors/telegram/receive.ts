import { matchesSecret } from '../../core/connectors/connector-secrets.ts';
import type { HttpAnswer, HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type Answered,
  notPosted,
  type ReceiveContext,
  type Received,
  type Refused,
  unauthorizedBecause,
  wrongSecret,
} from '../../core/connectors/received.ts';
import { type JsonObject, type JsonValue, Payload } from '../../core/json/json-value.ts';
import { readBody } from '../../providers/read-signed.ts';
import { botIdOf, inboundConfigOf } from './config.ts';
import { messageFiles } from './message-files.ts';
import { type ReadUpdate, readUpdate, update } from './update.ts';

/** Many times the size of Telegram's updates. */
const maxBodyBytes = 1024 * 1024;

const limits = { maxDepth: 100, maxKeys: 50_000 };

/** Telegram waits longer, but then resends the update. */
const filesWithinMs = 20_000;

/** How long Telegram keeps an update that was not accepted (core.telegram.org/bots/api, "Getting updates"). */
const keptForMs = 24 * 3_600_000;

/** The header with the webhook's secret (core.telegram.org/bots/api, "setWebhook"). */
export const secretHeader = 'x-telegram-bot-api-secret-token';

export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const { connector, now } = context;
  const secret = request.headers[secretHeader];
  if (request.method !== 'POST') return notPosted;
  if (secret === undefined) return notFromTelegram;
  if (!matchesSecret(secret, connector.secretHashes, now)) return wrongSecret;
  const refused = context.admit();
  if (refused !== null) return refused;
  const body = await readBody(request, maxBodyBytes);
  if (body.outcome === 'refused') return body;
  const json = await context.readJson(body.bytes, 'utf-8', limits);
  if (json.outcome === 'refused') return json;
  const payload = new Payload(json.text);
  const parsed = update.safeParse(payload.value);
  if (!parsed.success) return notAnUpdate;
  const read = readUpdate(parsed.data);
  if (read === null)
    return ignored('Updates other than messages, edits, and clicks on buttons start no runs.');
  const token = (await context.secrets()).config['bot_token'] ?? '';
  const reason = reasonToIgnore(read, inboundConfigOf(connector.config).allowed_user_ids, botIdOf(token));
  return reason === null
    ? accept(read, payload.exact, token, request, context)
    : ignored(reason, answerTo(read));
}

const notFromTelegram = unauthorizedBecause(
  'The request does not have the header X-Telegram-Bot-Api-Secret-Token, with which Telegram proves that it sent an update.',
);

function reasonToIgnore({ from }: ReadUpdate, allowed: readonly number[], botId: string): string | null {
  if (String(from?.id) === botId) return 'The bot does not react to its own messages.';
  if (allowed.length === 0 || (from !== null && allowed.includes(from.id))) return null;
  return 'Messages of users who are not in allowed_user_ids start no runs.';
}

async function accept(
  read: ReadUpdate,
  raw: JsonValue,
  botToken: string,
  { body }: HttpRequest,
  { connector, allowPrivateTargets }: ReceiveContext,
): Promise<Received> {
  const { api_url: apiUrl } = inboundConfigOf(connector.config);
  const { signal } = new AbortController();
  const collecting = { body, signal, allowPrivateTargets, withinMs: filesWithinMs };
  const { files, warnings } = await messageFiles(read, { apiUrl, botToken }, collecting);
  const { message, updateId, timeMs } = read;
  const answer = answerTo(read);
  const key = String(updateId);
  return {
    outcome: 'accepted',
    payload: Payload.of({ ...payloadOf(read), raw, ...(files.length === 0 ? {} : { files: [...files] }) }),
    context: {},
    modelInput: null,
    warnings,
    // A click on a button has no time that could place its runs.
    repeat: timeMs === null ? { key: `update ${key}`, fingerprint: key, validForMs: keptForMs } : null,
    natural: timeMs === null ? null : { key, timeMs },
    ...(answer === null ? {} : { reply: { accepted: async () => answer } }),
    ...(message === null
      ? {}
      : { origin: { account: botIdOf(botToken), address: { chat_id: message.chat.id, ...topicOf(read) } } }),
  };
}

/** Keeps replies in the topic of a forum. */
function topicOf({ message }: ReadUpdate): JsonObject {
  const topic = message?.is_topic_message === true ? message.message_thread_id : undefined;
  return topic === undefined ? {} : { message_thread_id: topic };
}

function payloadOf({ updateId, text, from, message }: ReadUpdate): JsonObject {
  return {
    update_id: updateId,
    text,
    chat_id: message?.chat.id ?? null,
    message: {
      message_id: message?.message_id ?? null,
      text,
      date: message?.date ?? null,
      chat_id: message?.chat.id ?? null,
      chat_type: message?.chat.type ?? null,
      from_id: from?.id ?? null,
      from_username: from?.username ?? null,
      from_first_name: from?.first_name ?? null,
      from_last_name: from?.last_name ?? null,
    },
  };
}

/**
 * Ends the progress that Telegram shows on a button until its click is answered (core.telegram.org/bots/api,
 * "CallbackQuery" and "Making requests when getting updates"). `null` for a message, which needs no answer.
 */
function answerTo({ clickId }: ReadUpdate): HttpAnswer | null {
  if (clickId === null) return null;
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  const body = JSON.stringify({ method: 'answerCallbackQuery', callback_query_id: clickId });
  return { status: 200, headers, body };
}

/** Accepts the update without starting a run, so Telegram does not retry it. */
function ignored(reason: string, answer: HttpAnswer | null = null): Answered {
  return { outcome: 'answered', answer, reason };
}

const notAnUpdate: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail: 'The body is not a Telegram update.',
};
