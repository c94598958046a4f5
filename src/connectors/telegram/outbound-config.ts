import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { botToken, telegramApiUrl } from './bot.ts';

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
        'For results that name no chat_id and whose event came from elsewhere: number, or @name of a channel.',
    }),
  parse_mode: z.enum(['HTML', 'MarkdownV2', 'none']).default('HTML').meta({
    title: 'Format',
    description: 'The markup of the results. What Telegram cannot read as such is sent as plain text.',
  }),
  api_url: telegramApiUrl,
  ...outboundFilterFields,
});

const storedFields = outboundConfig.omit({ bot_token: true }).loose();

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export function outboundConfigOf({ config }: Pick<Connector, 'config'>): z.infer<typeof storedFields> {
  return parsed(config);
}

const parsed = parseOnce((config) => storedFields.parse(config));
