import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { botToken, telegramApiUrl } from './bot.ts';

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

const storedFields = inboundFields.omit({ bot_token: true }).loose();

/** @throws ZodError where the stored configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedFields.parse(config));
