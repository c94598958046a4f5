import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { botToken, slackApiUrl } from './credentials.ts';

export const outboundConfig = z.strictObject({
  bot_token: botToken.meta({
    title: 'Bot token',
    description: "From your Slack app's OAuth & Permissions. It needs the scope chat:write.",
    secret: true,
  }),
  default_channel: z
    .string()
    .max(256)
    .regex(/^\S+$/, 'Enter the ID of a channel, such as C0123456789.')
    .exactOptional()
    .meta({
      title: 'Default channel',
      description:
        'ID of the channel for results that name none and whose event came from elsewhere. Invite the app to it.',
    }),
  api_url: slackApiUrl,
  ...outboundFilterFields,
});

const storedFields = outboundConfig.omit({ bot_token: true }).loose();

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export function outboundConfigOf({ config }: Pick<Connector, 'config'>): z.infer<typeof storedFields> {
  return parsed(config);
}

const parsed = parseOnce((config) => storedFields.parse(config));
