import * as z from 'zod';
import type { ConnectionKind, ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { botToken, inboundConfig, outboundConfig, outboundConfigOf, telegramApiUrl } from './config.ts';
import { describe, message, prepare, type TelegramMessage } from './prepare.ts';
import { receive } from './receive.ts';
import { webhookOfBot } from './registration.ts';
import { sampleRequest } from './sample-request.ts';

const request: RequestWay = {
  suffix: '',
  receive,
  // A connector whose secret no sender knows.
  decoy: () => inboundConfig.parse({ bot_token: '0:nobody' }),
  answerAccepted: () => ({ status: 200, headers: { 'cache-control': 'no-store' }, body: '' }),
};

const inboundMode: ModeDescription<never> = {
  summary: 'Runs agents for messages to a Telegram bot.',
  config: inboundConfig,
  problems: apiUrlProblems,
  makeSecret: (entropy) => Buffer.from(entropy(32)).toString('base64url'),
  ways: { request },
  probe: async (config, context) => (await import('./probe.ts')).probeInbound(config, context),
  registration: webhookOfBot,
  instructions: `
1. In Telegram, write \`/newbot\` to **@BotFather**, and enter the token that it gives you here.
2. The connector sets the bot's webhook to \`{{url}}\`. Telegram must reach this address over HTTPS, on port 443, 80, 88, or 8443.
3. Send a message to your bot. In groups, a bot sees only commands and replies to its own messages. To let it see all messages, send \`/setprivacy\` to @BotFather, choose *Disable*, and add the bot to the group again.

A bot has one webhook: use each bot in only one connector.
`,
  sampleRequest,
  samples: [
    { title: 'Messages of everybody', config: { bot_token: '123456:sample-token' } },
    {
      title: 'Messages of two people',
      config: { bot_token: '123456:sample-token', allowed_user_ids: [123456789, 987654321] },
    },
  ],
};

const outboundMode: ModeDescription<never> = {
  summary: 'Sends results to Telegram: to the chat of the event, or to a default chat.',
  config: outboundConfig,
  problems: apiUrlProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe.ts')).probeOutbound(config, context),
  endpoint: (connector) => ({
    title: 'Chat',
    text: outboundConfigOf(connector.config).default_chat_id ?? 'where the event came from',
  }),
  instructions: `
1. In Telegram, write \`/newbot\` to **@BotFather**, and enter the token that it gives you here.
2. A bot can send messages only to people who have started it, and to groups and channels that it is in.
`,
  samples: [
    {
      title: 'Replies, and everything else to a group',
      config: { bot_token: '123456:sample-token', default_chat_id: '-1001234567890' },
    },
    {
      title: 'Failures to a channel, as plain text',
      config: {
        bot_token: '123456:sample-token',
        default_chat_id: '@status',
        parse_mode: 'none',
        statuses: ['failed'],
      },
    },
  ],
};

/** One bot. */
const telegramBot: ConnectionKind = {
  name: 'telegram',
  title: 'Telegram bot',
  summary:
    'A Telegram bot, shared by the connector that receives its messages and connectors that write as it.',
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

/** Receives messages to a Telegram bot and sends messages from it. */
export const telegram: ConnectorType<never, TelegramMessage> = {
  name: 'telegram',
  title: 'Telegram',
  category: 'chat',
  summary: 'Run agents for messages to a Telegram bot, and reply in its chats.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M20.5 4 3.5 11l6 2.2L12 20l3-4.5 3.5 2.5z"/><path d="m9.5 13.2 6.5-5"/></g>',
  connection: telegramBot,
  modes: { inbound: inboundMode, outbound: outboundMode },
  message,
  prepare,
  describe,
  // The first result loads the code that sends messages.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
