import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { botToken, slackApiUrl } from './credentials.ts';

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
    "From your Slack app's OAuth & Permissions. Needed to download files, and to reply in the event's channel.",
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
const storedFields = inboundFields.omit({ signing_secret: true, bot_token: true }).loose();

/** @throws ZodError where the stored configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedFields.parse(config));
