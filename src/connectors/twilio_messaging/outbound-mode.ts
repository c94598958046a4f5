import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { outboundConfig, outboundConfigOf } from './outbound-config.ts';

const account = { account_sid: `AC${'0123456789abcdef'.repeat(2)}`, auth_token: 'an auth token' };

export const outboundMode: ModeDescription<never> = {
  summary:
    'Sends results as SMS, or in WhatsApp or RCS: to the sender of the event, or to a default recipient.',
  config: outboundConfig,
  problems: apiUrlProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe.ts')).probeOutbound(config, context),
  endpoint: (connector) => ({
    title: 'Recipient',
    text: outboundConfigOf(connector).to ?? 'who has sent the event',
  }),
  instructions: `
1. In the Twilio Console, copy **Account SID** and **Auth Token** from the account dashboard.
2. Enter a number or sender of the account as **Sender**, or the SID of a messaging service.
3. In WhatsApp, free text reaches people for 24 hours after their last message. For others, create a template in the **Content Template Builder**, and enter its SID.
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
