import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { outboundConfig, outboundConfigOf } from './outbound-config.ts';

export const outboundMode: ModeDescription<never> = {
  summary: 'Sends results to Telegram: to the chat of the event, or to a default chat.',
  config: outboundConfig,
  problems: apiUrlProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe.ts')).probeOutbound(config, context),
  endpoint: (connector) => ({
    title: 'Chat',
    text: outboundConfigOf(connector).default_chat_id ?? 'where the event came from',
  }),
  instructions: `
1. In Telegram, write \`/newbot\` to **@BotFather**, and enter the token that it gives you here.
2. A bot writes only to people who have started it, and to groups and channels that have added it.
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
