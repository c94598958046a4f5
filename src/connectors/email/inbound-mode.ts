import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { PollWay } from '../../core/connectors/ways.ts';
import { checkLogin, hostProblems } from './connection-config.ts';
import { inboundConfigOf, inboundFields } from './inbound-config.ts';
import type { MailEvent } from './mail-event.ts';

// The first connector that needs the clients loads them, so processes that read no mail start without them.
const poll: PollWay<MailEvent> = {
  everySeconds: (config) => inboundConfigOf(config).poll_seconds,
  poll: async (context) => (await import('./poll.ts')).poll(context),
  acknowledge: async (events, context) => (await import('./poll.ts')).acknowledge(events, context),
  watch: (context) => void import('./watch.ts').then((module) => module.watch(context)),
};

const instructions = `
1. Use a mailbox, or a folder of one, that only this connector works on. A rule at the provider can move messages there.
2. Allow **IMAP** for the account: in Gmail, it is always on; in Microsoft 365, an administrator enables it per mailbox.
3. Create an **app password** (Gmail: *Google Account*, *Security*, *2-Step Verification*, *App passwords*), or register an app for **OAuth2**. Microsoft 365 accepts OAuth2 only.
4. Send a message to the mailbox: a run starts within seconds here, or within a minute on AWS.
`;

export const inboundMode: ModeDescription<MailEvent> = {
  summary: 'Runs agents for every message that arrives in a mailbox.',
  config: inboundFields.superRefine((config, context) => checkLogin(config, context, true)),
  problems: hostProblems,
  ways: { poll },
  probe: async (config, context) => (await import('./probe-mailbox.ts')).probeMailbox(config, context),
  endpoint: ({ config }) => {
    const { mailbox, username = '', host } = inboundConfigOf(config);
    return { title: 'Mailbox', text: `${mailbox} of ${username} on ${host}` };
  },
  instructions,
  samples: [
    {
      title: 'Unread messages, with an app password',
      config: { host: 'imap.gmail.com', username: 'support@example.com', password: 'an app password' },
    },
    {
      title: 'Invoices from one sender, with OAuth2',
      config: {
        host: 'outlook.office365.com',
        username: 'billing@example.com',
        client_id: '00001111-aaaa-2222-bbbb-3333cccc4444',
        client_secret: 'a client secret',
        refresh_token: 'a refresh token',
        token_url: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
        mailbox: 'Invoices',
        from: '@supplier.example',
        subject: 'invoice',
      },
    },
  ],
};
