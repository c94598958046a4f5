import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { inboundConfig } from './inbound-config.ts';
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

export const inboundMode: ModeDescription<never> = {
  summary: 'Runs agents for messages to a Telegram bot.',
  config: inboundConfig,
  problems: apiUrlProblems,
  makeSecret: (entropy) => Buffer.from(entropy(32)).toString('base64url'),
  ways: { request },
  probe: async (config, context) => (await import('./probe.ts')).probeInbound(config, context),
  registration: webhookOfBot,
  instructions: `
1. In Telegram, write \`/newbot\` to **@BotFather**, and enter the token that it gives you here.
2. The connector sets the bot's webhook to \`{{url}}\`. Telegram must reach this address by https, on port 443, 80, 88, or 8443.
3. Write to your bot. In groups, a bot sees only commands and replies to its own messages, unless you switch off *Group Privacy* at @BotFather.

A bot has one webhook: use each bot in one connector only.
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
