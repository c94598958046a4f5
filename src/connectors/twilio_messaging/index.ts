import type { ConnectionKind, ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { credentialFields } from './account-fields.ts';
import { inboundConfig } from './inbound-config.ts';
import { outboundConfig, outboundConfigOf } from './outbound-config.ts';
import { describe, message, prepare, type TwilioMessage } from './prepare.ts';
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

const inboundMode: ModeDescription<never> = {
  summary: 'Runs agents for SMS, WhatsApp, or RCS messages to your numbers.',
  config: inboundConfig,
  problems: apiUrlProblems,
  ways: { request },
  probe: async (config, context) => (await import('./probe.ts')).probeInbound(config, context),
  instructions: `
Set \`{{url}}\` as the webhook for incoming messages in the Twilio Console, with HTTP POST:

- **SMS**: *Phone Numbers > Manage > Active numbers*, choose the number, then under *Messaging Configuration*: *A message comes in*.
- **WhatsApp**: *Messaging > Senders > WhatsApp senders*, choose the sender, then *Webhook URL for incoming messages*.
- **RCS**: *RCS > Senders*, choose the sender, then under *Configuration*: the URL for incoming messages.
- **Numbers of a messaging service**: *Messaging > Services*, choose the service, then *Integration > Send a webhook*.

Twilio signs the URL exactly as you enter it. Behind a proxy, set \`BASE_URL\` to the address that Twilio calls.
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

const outboundMode: ModeDescription<never> = {
  summary:
    'Sends results as SMS, or in WhatsApp or RCS: to the sender of the event, or to a default recipient.',
  config: outboundConfig,
  problems: apiUrlProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe.ts')).probeOutbound(config, context),
  endpoint: (connector) => ({
    title: 'Recipient',
    text: outboundConfigOf(connector.config).to ?? 'who has sent the event',
  }),
  instructions: `
1. In the Twilio Console, copy **Account SID** and **Auth Token** from the account dashboard.
2. Enter a number or sender of the account as **Sender**, or the SID of a messaging service.
3. In WhatsApp, you can send free text to people for 24 hours after their last message. After that, you need a template: create it in the **Content Template Builder**, and enter its SID.
`,
  samples: [
    {
      title: 'Replies by SMS, and everything else to one number',
      config: { ...account, to: '+15557654321' },
    },
    {
      title: 'A WhatsApp template with the result',
      config: {
        ...account,
        channel: 'whatsapp',
        sender: '+15551234567',
        to: '+15557654321',
        content_sid: `HX${'0123456789abcdef'.repeat(2)}`,
        content_variables: { 1: '{{text}}' },
      },
    },
  ],
};

/** One account in one region. */
const twilioAccount: ConnectionKind = {
  name: 'twilio_messaging',
  title: 'Twilio account',
  summary: 'A Twilio account in one region, shared by connectors of all its numbers and channels.',
  config: credentialFields,
  problems: apiUrlProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeAccount(given, context),
  samples: [
    {
      title: 'An account in the United States',
      config: { account_sid: 'AC0123456789abcdef0123456789abcdef', auth_token: 'an auth token' },
    },
  ],
};

/** Receives and sends SMS, WhatsApp, and RCS messages through Twilio. */
export const twilioMessaging: ConnectorType<never, TwilioMessage> = {
  name: 'twilio_messaging',
  title: 'Twilio Messaging',
  category: 'chat',
  summary: 'Run agents for SMS, WhatsApp, and RCS messages, and reply to them.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M20.5 11.5a8 8 0 0 1-11.6 7.1L4 20l1.4-4.9A8 8 0 1 1 20.5 11.5z"/><circle cx="9.7" cy="9.7" r="1"/><circle cx="14.3" cy="9.7" r="1"/><circle cx="9.7" cy="14.3" r="1"/><circle cx="14.3" cy="14.3" r="1"/></g>',
  connection: twilioAccount,
  modes: { inbound: inboundMode, outbound: outboundMode },
  message,
  prepare,
  describe,
  // The first result loads the code that sends messages.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
