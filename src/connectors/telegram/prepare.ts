import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
import type { Origin } from '../../core/connectors/origin.ts';
import type { EndedRun } from '../../core/runs/run.ts';
import { resultFields } from '../../providers/result-fields.ts';
import type { BotAccess } from './bot-api.ts';
import { botIdOf, outboundConfigOf } from './config.ts';

/** The destination of a message, as parameters of `sendMessage`. */
export interface ChatAddress {
  readonly chat_id: string | number;
  readonly message_thread_id?: number | undefined;
}

export interface TelegramMessage extends BotAccess {
  readonly account: string;
  /** `null` if neither the result, the run's origin, nor the connector names a chat. */
  readonly address: ChatAddress | null;
  readonly text: string;
  readonly parseMode: 'HTML' | 'MarkdownV2' | 'none';
}

const fields = z.object({ text: z.string(), chat_id: z.union([z.string().min(1), z.int()]) }).partial();

export const message: MessageKind = {
  description: 'Sends a message to a Telegram chat.',
  schema: z.strictObject({
    text: z.string().min(1).meta({ description: 'The text.' }),
    chat_id: z
      .union([z.string().min(1), z.int()])
      .exactOptional()
      .meta({
        description: 'Default: the chat of the message that started the run, else the usual chat.',
      }),
  }),
};

/** The message for a run's result. @throws Error where the configuration is not valid */
export function prepare(run: EndedRun, { connector, secrets, origin }: PrepareContext): TelegramMessage {
  const config = outboundConfigOf(connector.config);
  const botToken = secrets.config['bot_token'] ?? '';
  const account = botIdOf(botToken);
  const { text = '', chat_id: named } = resultFields(run, fields);
  const usual = config.default_chat_id;
  const address = named === undefined ? repliesTo(origin, account) : { chat_id: named };
  return {
    account,
    apiUrl: config.api_url,
    botToken,
    address: address ?? (usual === undefined ? null : { chat_id: usual }),
    text,
    parseMode: config.parse_mode,
  };
}

const address = z.object({ chat_id: z.number(), message_thread_id: z.number().optional() });

function repliesTo(origin: Origin | null, account: string): ChatAddress | null {
  if (origin?.type !== 'telegram' || origin.account !== account) return null;
  return address.safeParse(origin.address).data ?? null;
}

/** Describes the message to users by its chat. The bot's token, a part of the URL, is left out. */
export function describe({ apiUrl, address, text, parseMode }: TelegramMessage): MessageDescription {
  return {
    method: 'POST',
    target: `${apiUrl}/sendMessage`,
    headers: { chat: String(address?.chat_id ?? ''), format: parseMode },
    body: text,
  };
}
