import { hash } from 'node:crypto';
import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { apiUrl } from '../../providers/api-url.ts';

const botToken = z
  .string()
  .max(512)
  .regex(/^(xoxe\.)?xoxb-\S+$/, 'A bot token begins with "xoxb-".');

export const slackApiUrl = apiUrl('https://slack.com/api');

/** Event kinds, named as in Slack's documentation where possible, with the scopes they need. */
export const scopesOfEvents = {
  app_mention: 'app_mentions:read',
  'message.im': 'im:history',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.mpim': 'mpim:history',
  reaction_added: 'reactions:read',
  slash_commands: 'commands',
  block_actions: null,
} as const;

export type EventKind = keyof typeof scopesOfEvents;

const eventKinds = Object.keys(scopesOfEvents).filter((kind): kind is EventKind => kind in scopesOfEvents);

export const signingSecretField = z.string().min(1).max(256).exactOptional().meta({
  title: 'Signing secret',
  description:
    "From your Slack app's Basic Information. Until you enter it, the connector only answers Slack's URL verification.",
  secret: true,
});

export const botTokenField = botToken.exactOptional().meta({
  title: 'Bot token',
  description:
    "From your Slack app's OAuth & Permissions. Required to download files, and to reply in the event's channel.",
  secret: true,
});

const inboundFields = z.strictObject({
  signing_secret: signingSecretField,
  bot_token: botTokenField,
  events: z.array(z.enum(eventKinds)).min(1).default(['app_mention']).meta({
    title: 'Events',
    description: 'Which events start runs. Others are acknowledged and start nothing.',
  }),
  api_url: slackApiUrl,
});

export const inboundConfig = inboundFields;

/** The configuration as stored, without secret fields. */
const storedInboundFields = inboundFields.omit({ signing_secret: true, bot_token: true }).loose();

/** @throws ZodError where the stored configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedInboundFields.parse(config));

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
        'ID of the channel for results without a channel_id whose event did not come through this app. Invite the app to it.',
    }),
  api_url: slackApiUrl,
  ...outboundFilterFields,
});

const storedOutboundFields = outboundConfig.omit({ bot_token: true }).loose();

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export const outboundConfigOf = parseOnce((config) => storedOutboundFields.parse(config));

/**
 * Identifies a Slack account: an app's bot in a workspace. Bot tokens start with the numbers of both; a new token
 * changes only the part after the last hyphen.
 */
export function accountOf(botToken: string): string {
  return hash('sha256', botToken.slice(0, botToken.lastIndexOf('-')), 'base64url');
}
