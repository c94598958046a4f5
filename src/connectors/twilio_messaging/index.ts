import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { twilioAccount } from './connection.ts';
import { inboundMode } from './inbound-mode.ts';
import { outboundMode } from './outbound-mode.ts';
import { describe, message, prepare, type TwilioMessage } from './prepare.ts';

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
