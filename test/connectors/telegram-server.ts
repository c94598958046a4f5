import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { type LocalServer, serveLocally } from '../local-server.ts';

const sentMessage = z.looseObject({
  chat_id: z.union([z.string(), z.number()]),
  text: z.string().min(1).max(4_096),
  parse_mode: z.string().optional(),
});
export type SentMessage = z.infer<typeof sentMessage>;

const webhook = z.looseObject({ url: z.string(), secret_token: z.string().optional() });

/** The Bot API, as far as the product uses it, as core.telegram.org/bots/api describes it. */
export interface TelegramServer extends LocalServer {
  readonly messages: SentMessage[];
  /** The bot's webhook; `null` without one. */
  webhook: z.infer<typeof webhook> | null;
  /** Called before each method: what to answer instead. */
  refuse: (method: string) => TelegramRefusal | null | Promise<TelegramRefusal | null>;
}

export interface TelegramRefusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after: number };
}

export const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABXvMqOgAAAABJRU5ErkJggg==',
  'base64',
);

/** @param token of the only bot that it knows */
export async function startTelegramServer(token: string): Promise<TelegramServer> {
  const telegram = {
    messages: [] as SentMessage[],
    webhook: null as z.infer<typeof webhook> | null,
    refuse: ((_method) => null) as TelegramServer['refuse'],
  };
  const call = async (method: string, parameters: unknown): Promise<unknown> => {
    const refused = await telegram.refuse(method);
    if (refused !== null) return refused;
    switch (method) {
      case 'getMe':
        return { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Agent', username: 'agent_bot' };
      case 'setWebhook':
        telegram.webhook = webhook.parse(parameters);
        return true;
      case 'deleteWebhook':
        telegram.webhook = null;
        return true;
      case 'getWebhookInfo':
        return { url: telegram.webhook?.url ?? '', has_custom_certificate: false, pending_update_count: 0 };
      case 'getFile':
        return { file_id: 'f', file_unique_id: 'u', file_path: 'photos/file_0.png' };
      case 'sendMessage':
        return take(sentMessage.parse(parameters));
      default:
        return { error_code: 404, description: 'Not Found' };
    }
  };
  const take = (message: SentMessage): unknown => {
    if (message.parse_mode === 'HTML' && /<(?!\/?(b|i|pre|code)>)/.test(message.text)) {
      return { error_code: 400, description: "Bad Request: can't parse entities: Unsupported start tag" };
    }
    if (message.chat_id === 404) return { error_code: 400, description: 'Bad Request: chat not found' };
    telegram.messages.push(message);
    return { message_id: telegram.messages.length, date: 0, chat: { id: message.chat_id, type: 'private' } };
  };
  const server = await serveLocally(async (request, response) => {
    const [, prefix = '', ...path] = (request.url ?? '').split('/');
    if (prefix === 'file' && path[0] === `bot${token}`) {
      return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(photo);
    }
    const parameters = request.method === 'POST' ? await json(request) : {};
    const isKnown = prefix === `bot${token}`;
    const result = isKnown
      ? await call(path[0] ?? '', parameters)
      : { error_code: 401, description: 'Unauthorized' };
    const isError = typeof result === 'object' && result !== null && 'error_code' in result;
    const status = isError ? Number(result.error_code) : 200;
    const body = isError ? { ok: false, ...result } : { ok: true, result };
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return Object.assign(telegram, server);
}
