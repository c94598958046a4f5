import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { inboundConfig } from './inbound-config.ts';
import { inboundInstructions } from './manifest.ts';
import { receive } from './receive.ts';
import { sampleRequest } from './sample-request.ts';

const request: RequestWay = {
  suffix: '',
  receive,
  // Without a signing secret, no events are accepted.
  decoy: () => inboundConfig.parse({}),
  answerAccepted: () => ({ status: 200, headers: { 'cache-control': 'no-store' }, body: '' }),
};

export const inboundMode: ModeDescription<never> = {
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
