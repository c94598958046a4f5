import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { outboundConfig, outboundConfigOf } from './outbound-config.ts';

export const outboundMode: ModeDescription<never> = {
  summary: 'Posts results to Slack: in the thread of the event, or in a channel.',
  config: outboundConfig,
  problems: apiUrlProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe.ts')).probeOutbound(config, context),
  endpoint: (connector) => ({
    title: 'Channel',
    text: outboundConfigOf(connector).default_channel ?? 'where the event came from',
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
