import type { ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { inboundConfig, outboundConfig, outboundConfigOf } from './config.ts';
import { type DiscordMessage, describe, message, prepare } from './prepare.ts';
import { answerAccepted, receive } from './receive.ts';
import { sampleRequest } from './sample-request.ts';

const sampleKey = '957802d5f0bdf7cfcc73ce29acea6f51a202621a34ed2f12ae4e6d3b26510c1a';
const sampleWebhook = 'https://discord.com/api/webhooks/1234567890123456789/a-sample-token';

const inboundMode: ModeDescription<never> = {
  summary: 'Runs agents for commands of a Discord application.',
  config: inboundConfig,
  makeSecret: (entropy) => Buffer.from(entropy(32)).toString('base64url'),
  ways: {
    request: {
      suffix: '',
      receive,
      // A key whose private half was thrown away.
      decoy: () => inboundConfig.parse({ public_key: sampleKey }),
      answerAccepted,
    },
  },
  instructions: `
1. In the [Discord Developer Portal](https://discord.com/developers/applications), choose **New Application**, and enter the **Public Key** from **General Information** here.
2. Once the connector exists, enter its URL as **Interactions Endpoint URL** on the same page, and save: \`{{url}}\`. Discord immediately checks that the connector responds, so it must be reachable over HTTPS.
3. Register a command, with the **Application ID** and the bot's token. On the **Bot** page, **Reset Token** shows a new token once.

\`\`\`
curl -X POST https://discord.com/api/v10/applications/APPLICATION_ID/commands \\
  -H 'Authorization: Bot BOT_TOKEN' -H 'Content-Type: application/json' \\
  -d '{"name": "ask", "description": "Ask the agent", "options": [{"name": "text", "description": "Your question", "type": 3, "required": true}]}'
\`\`\`

4. Under **Installation**, choose **Discord Provided Link**, and add the scope \`applications.commands\` to the **Default Install Settings**. Open the link, add the application to a server, and type \`/ask\` there.

To send the answers, create an outbound connector of this type with the same application.
`,
  sampleRequest,
  samples: [
    { title: 'All commands of an application', config: { public_key: sampleKey } },
    {
      title: 'One command, answered in private',
      config: { public_key: sampleKey, commands: ['ask'], ephemeral: true },
    },
  ],
};

const outboundMode: ModeDescription<never> = {
  summary: 'Sends results to Discord: as the answer to a command, or to a channel through its webhook.',
  config: outboundConfig,
  problems: apiUrlProblems,
  ways: {},
  probe: async (config, context) => (await import('./send.ts')).probeOutbound(config, context),
  endpoint: ({ config }) => {
    const { application_id: application } = outboundConfigOf(config);
    return application === undefined
      ? { title: 'Webhook', text: 'the channel of the webhook' }
      : { title: 'Application', text: application };
  },
  instructions: `
- To answer commands, enter the **Application ID** from **General Information** in the [Discord Developer Portal](https://discord.com/developers/applications).
- To post to a channel, open its settings, choose **Integrations > Webhooks > New Webhook**, and enter its **Webhook URL**.
`,
  samples: [
    { title: 'Answers to the commands of an application', config: { application_id: '1234567890123456789' } },
    {
      title: 'Answers, and everything else to a channel',
      config: { application_id: '1234567890123456789', webhook_url: sampleWebhook },
    },
    { title: 'Failures to a channel', config: { webhook_url: sampleWebhook, statuses: ['failed'] } },
  ],
};

/** Receives commands of a Discord application, and sends messages to Discord. */
export const discord: ConnectorType<never, DiscordMessage> = {
  name: 'discord',
  title: 'Discord',
  category: 'chat',
  summary: 'Run agents for Discord commands, answer them, and post to channels.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M8 6.5C5.5 7 4.5 8 4 9.5 3 12.500 2.800 15 3 17.500c1.500 1.200 3 1.500 4.500 1.500l1-2c2.300.6 4.700.6 7 0l1 2c1.500 0 3-.3 4.500-1.500.2-2.500 0-5-1-8-.5-1.500-1.500-2.500-4-3l-.8 1.600a14 14 0 0 0-6.400 0z"/><circle cx="9" cy="13" r="1"/><circle cx="15" cy="13" r="1"/></g>',
  modes: { inbound: inboundMode, outbound: outboundMode },
  message,
  prepare,
  describe,
  // The first result loads the code that sends messages.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
