import * as z from 'zod';
import type { ConnectionKind } from '../../core/connectors/connector-type.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { botToken, telegramApiUrl } from './bot.ts';

/** One bot. */
export const telegramBot: ConnectionKind = {
  name: 'telegram',
  title: 'Telegram bot',
  summary: 'A Telegram bot, for a connector that receives its messages and for connectors that write as it.',
  config: z.strictObject({
    bot_token: botToken.meta({
      title: 'Bot token',
      description: "From Telegram's @BotFather.",
      secret: true,
    }),
    api_url: telegramApiUrl,
  }),
  problems: apiUrlProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeBot(given, context),
  samples: [{ title: 'A bot', config: { bot_token: '123456:ABC-DEF' } }],
};
