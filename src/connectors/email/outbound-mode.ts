import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { checkLogin, hostProblems } from './connection-config.ts';
import type { MailEvent } from './mail-event.ts';
import { outboundConfigOf, outboundFields } from './outbound-config.ts';

export const outboundMode: ModeDescription<MailEvent> = {
  summary: 'Sends the result of every run as a message, as a reply where the run began with one.',
  config: outboundFields.superRefine((config, context) => checkLogin(config, context, false)),
  problems: hostProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe-server.ts')).probeServer(config, context),
  endpoint: ({ config }) => {
    const { from_address: from, host, port: number } = outboundConfigOf(config);
    return { title: 'Mail server', text: `${from} by ${host}:${number}` };
  },
  instructions: `
1. Allow the account to send by **SMTP**: in Microsoft 365, an administrator enables *Authenticated SMTP* per mailbox.
2. Create an **app password**, or register an app for **OAuth2**, as for reading mail.
3. Use a sender that the account may use; other senders are refused, or land in the spam folder of recipients (SPF, DKIM).
`,
  samples: [
    {
      title: 'Replies, with an app password',
      config: {
        host: 'smtp.gmail.com',
        username: 'support@example.com',
        password: 'an app password',
        from_address: 'support@example.com',
        from_name: 'Example Support',
      },
    },
    {
      title: 'Results and failures to one address, with OAuth2',
      config: {
        host: 'smtp.office365.com',
        username: 'agents@example.com',
        client_id: '00001111-aaaa-2222-bbbb-3333cccc4444',
        refresh_token: 'a refresh token',
        token_url: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
        from_address: 'agents@example.com',
        default_to: 'team@example.com',
        statuses: ['completed', 'failed'],
      },
    },
  ],
};
