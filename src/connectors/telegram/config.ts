import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { apiUrl } from '../../providers/api-url.ts';

/** BotFather's form: the bot's ID, a colon, and the secret part. */
export const botToken = z
  .string()
  .max(256)
  .regex(/^\d+:[\w-]+$/, 'A bot token has the form 123456:ABC-DEF.');

export const telegramApiUrl = apiUrl('https://api.telegram.org');

/** The account of a bot: its ID, which a new token does not change. */
export function botIdOf(token: string): string {
  return token.slice(0, token.indexOf(':'));
}

const inboundFields = z.strictObject({
  bot_token: botToken.meta({
    title: 'Bot token',
    description: "From Telegram's @BotFather. The connector sets the bot's webhook.",
    secret: true,
  }),
  allowed_user_ids: z
    .array(z.int().positive())
    .default([])
    .meta({
      title: 'Allowed users',
      description: 'Numeric IDs of the Telegram users whose messages start runs. Empty: everybody.',
      examples: [[123456789]],
    }),
  api_url: telegramApiUrl,
});

export const inboundConfig = inboundFields;

const storedInboundFields = inboundFields.omit({ bot_token: true }).loose();

/** @throws ZodError where the stored configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedInboundFields.parse(config));

export const outboundConfig = z.strictObject({
  bot_token: botToken.meta({
    title: 'Bot token',
    description: "From Telegram's @BotFather.",
    secret: true,
  }),
  default_chat_id: z
    .string()
    .regex(/^(-?\d{1,20}|@\w{1,64})$/, 'Enter the number of a chat, or the @name of a public channel.')
    .exactOptional()
    .meta({
      title: 'Default chat',
      description:
        'Its number, or the @name of a channel. Used for results without a chat_id whose event did not come through this bot.',
    }),
  parse_mode: z.enum(['HTML', 'MarkdownV2', 'none']).default('HTML').meta({
    title: 'Format',
    description: 'The markup of the results. Text that Telegram cannot parse is sent as plain text.',
  }),
  api_url: telegramApiUrl,
  ...outboundFilterFields,
});

const storedOutboundFields = outboundConfig.omit({ bot_token: true }).loose();

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export const outboundConfigOf = parseOnce((config) => storedOutboundFields.parse(config));
