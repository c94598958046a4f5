import * as z from 'zod';
import type { ConnectionKind, ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { PollWay } from '../../core/connectors/ways.ts';
import {
  checkLogin,
  connectionFields,
  hostProblems,
  inboundConfigOf,
  inboundFields,
  outboundConfigOf,
  outboundFields,
} from './config.ts';
import { keptMail, type MailEvent } from './mail-event.ts';
import { describe, type MailMessage, message, prepare } from './prepare.ts';
import { receive } from './receive.ts';

// The first connector that needs the clients loads them, so processes that read no mail start without them.
const poll: PollWay<MailEvent> = {
  everySeconds: (config) => inboundConfigOf(config).poll_seconds,
  poll: async (context) => (await import('./poll.ts')).poll(context),
  acknowledge: async (events, context) => (await import('./poll.ts')).acknowledge(events, context),
  watch: (context) => void import('./watch.ts').then((module) => module.watch(context)),
};

const instructions = `
1. Use a dedicated mailbox or folder. A rule at the provider can move messages there.
2. Allow **IMAP** for the account: in Gmail, it is always on; in Microsoft 365, an administrator enables it for each mailbox.
3. Create an **app password** (Gmail: [App passwords](https://myaccount.google.com/apppasswords), once 2-Step Verification is on), or register an app for **OAuth2**. Microsoft accepts OAuth2 only.
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

export const outboundMode: ModeDescription<MailEvent> = {
  summary: 'Sends the result of every run by email. If a message started the run, the result is a reply.',
  config: outboundFields.superRefine((config, context) => checkLogin(config, context, false)),
  problems: hostProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe-server.ts')).probeServer(config, context),
  endpoint: ({ config }) => {
    const { from_address: from, host, port: number } = outboundConfigOf(config);
    return { title: 'Mail server', text: `${from} by ${host}:${number}` };
  },
  instructions: `
1. Allow the account to send by **SMTP**: in Microsoft 365, an administrator enables *Authenticated SMTP* for each mailbox.
2. Create an **app password**, or register an app for **OAuth2**, as for reading mail.
3. Use a sender that the account may use; messages from other senders are refused, or land in recipients' spam folders (SPF, DKIM).
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

const config = z
  .strictObject({
    ...connectionFields,
    host: connectionFields.host.exactOptional().meta({
      title: 'Host',
      description:
        'Name of the mail server, if it receives and sends. Leave it empty to give each connector its own.',
      examples: ['mail.example.com'],
    }),
  })
  .superRefine((given, context) => checkLogin(given, context, true));

/** One account at a mail provider. */
const mailAccount: ConnectionKind = {
  name: 'email',
  title: 'Mailbox',
  summary:
    'An account with a mail provider, shared by connectors that read its mail and connectors that send from it.',
  config,
  problems: hostProblems,
  samples: [
    {
      title: 'An account with an app password',
      config: { username: 'support@example.com', password: 'an app password' },
    },
  ],
};

/** Reads mailboxes over IMAP and sends messages over SMTP. */
export const email: ConnectorType<MailEvent, MailMessage> = {
  name: 'email',
  title: 'Email',
  summary: 'Run agents for every message in a mailbox, or send their results by email.',
  category: 'mail',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m4 7.5 8 6 8-6"/></g>',
  connection: mailAccount,
  modes: { inbound: inboundMode, outbound: outboundMode },
  receive,
  deadLetterCodec: keptMail,
  message,
  prepare,
  describe,
  // The first message loads the client, so processes that send none start without it.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
