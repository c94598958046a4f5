import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { inboundConfig } from './inbound-config.ts';
import { noReply, receive } from './receive.ts';
import { sampleRequest } from './sample-request.ts';

const account = { account_sid: `AC${'0123456789abcdef'.repeat(2)}`, auth_token: 'an auth token' };

const request: RequestWay = {
  suffix: '',
  receive,
  // A connector for which no token is stored, so no sender knows it.
  decoy: () => inboundConfig.parse(account),
  answerAccepted: () => noReply,
};

export const inboundMode: ModeDescription<never> = {
  summary: 'Runs agents for SMS, WhatsApp, or RCS messages to your numbers.',
  config: inboundConfig,
  problems: apiUrlProblems,
  ways: { request },
  probe: async (config, context) => (await import('./probe.ts')).probeInbound(config, context),
  instructions: `
Set \`{{url}}\` as the webhook for incoming messages in the Twilio Console, with HTTP POST:

- **SMS**: *Phone Numbers > Manage > Active numbers*, choose the number, then under *Messaging Configuration*: *A message comes in*.
- **WhatsApp**: *Messaging > Senders > WhatsApp senders*, choose the sender, then *Webhook URL for incoming messages*.
- **RCS**, and numbers of a messaging service: *Messaging > Services*, choose the service, then *Integration > Send a webhook*.

Twilio signs the URL as you enter it. If requests pass a proxy, set \`BASE_URL\` to the address that Twilio calls.
`,
  sampleRequest,
  samples: [
    { title: 'SMS to all numbers of the account', config: account },
    {
      title: 'WhatsApp messages to one sender',
      config: { ...account, channel: 'whatsapp', sender: '+15551234567' },
    },
  ],
};
