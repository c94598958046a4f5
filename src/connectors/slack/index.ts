import * as z from 'zod';
import type { ConnectionKind, ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import {
  botTokenField,
  inboundConfig,
  outboundConfig,
  outboundConfigOf,
  signingSecretField,
  slackApiUrl,
} from './config.ts';
import { inboundInstructions } from './manifest.ts';
import { describe, message, prepare, type SlackMessage } from './prepare.ts';
import { receive } from './receive.ts';
import { sampleRequest } from './sample-request.ts';

const request: RequestWay = {
  suffix: '',
  receive,
  // Without a signing secret, no events are accepted.
  decoy: () => inboundConfig.parse({}),
  answerAccepted: () => ({ status: 200, headers: { 'cache-control': 'no-store' }, body: '' }),
};

const inboundMode: ModeDescription<never> = {
  summary: 'Runs agents for mentions, messages, reactions, slash commands, and clicks on buttons.',
  config: inboundConfig,
  problems: apiUrlProblems,
  ways: { request },
  probe: async (config, context) => (await import('./probe.ts')).probeInbound(config, context),
  instructions: inboundInstructions,
  sampleRequest,
  samples: [
    {
      title: 'Mentions of the app',
      config: { signing_secret: 'a signing secret', bot_token: 'xoxb-1234-5678-sample' },
    },
    {
      title: 'Mentions, direct messages, and slash commands',
      config: {
        signing_secret: 'a signing secret',
        bot_token: 'xoxb-1234-5678-sample',
        events: ['app_mention', 'message.im', 'slash_commands'],
      },
    },
    { title: 'Before the Slack app exists', config: {} },
  ],
};

const outboundMode: ModeDescription<never> = {
  summary: 'Posts results to Slack: in the thread of the event, or in a channel.',
  config: outboundConfig,
  problems: apiUrlProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe.ts')).probeOutbound(config, context),
  endpoint: (connector) => ({
    title: 'Channel',
    text: outboundConfigOf(connector.config).default_channel ?? 'where the event came from',
  }),
  instructions: `
1. Open your app at https://api.slack.com/apps, and add the bot token scope \`chat:write\` under **OAuth & Permissions**.
2. Install the app to your workspace, and enter its **Bot User OAuth Token** here.
3. Invite the app to the channels in which it posts: \`/invite @your-app\`.
`,
  samples: [
    {
      title: 'Replies to mentions, and everything else to a channel',
      config: { bot_token: 'xoxb-1234-5678-sample', default_channel: 'C0123456789' },
    },
    {
      title: 'Results and failures, only as replies',
      config: { bot_token: 'xoxb-1234-5678-sample', statuses: ['completed', 'failed'] },
    },
  ],
};

const config = z
  .strictObject({
    signing_secret: signingSecretField,
    bot_token: botTokenField,
    api_url: slackApiUrl,
  })
  .superRefine((given, context) => {
    if (given.signing_secret !== undefined || given.bot_token !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['bot_token'],
      message: 'Enter the bot token, the signing secret, or both.',
    });
  });

/** One Slack app in one workspace. */
const slackApp: ConnectionKind = {
  name: 'slack',
  title: 'Slack app',
  summary: 'A Slack app, shared by connectors that receive its events and connectors that post as its bot.',
  config,
  problems: apiUrlProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeApp(given, context),
  samples: [
    {
      title: 'An app that receives events and posts',
      config: { signing_secret: 'a signing secret', bot_token: 'xoxb-1234-5678-sample' },
    },
  ],
};

/** Receives events of a Slack workspace and sends messages to it. */
export const slack: ConnectorType<never, SlackMessage> = {
  name: 'slack',
  title: 'Slack',
  category: 'chat',
  summary: 'Run agents for messages in Slack, and reply in their threads.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><path d="M9.5 3.5v17M14.5 3.5v17M3.5 9.5h17M3.5 14.5h17"/></g>',
  connection: slackApp,
  modes: { inbound: inboundMode, outbound: outboundMode },
  message,
  prepare,
  describe,
  // The first result loads the code that formats and sends messages.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
