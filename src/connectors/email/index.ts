import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { mailAccount } from './connection.ts';
import { inboundMode } from './inbound-mode.ts';
import { keptMail, type MailEvent } from './mail-event.ts';
import { outboundMode } from './outbound-mode.ts';
import { describe, type MailMessage, message, prepare } from './prepare.ts';
import { receive } from './receive.ts';

/** Reads mailboxes over IMAP and sends messages over SMTP. */
export const email: ConnectorType<MailEvent, MailMessage> = {
  name: 'email',
  title: 'Email',
  summary: 'Run agents for every message in a mailbox, or send their results as mail.',
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
