import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { telegramBot } from './connection.ts';
import { inboundMode } from './inbound-mode.ts';
import { outboundMode } from './outbound-mode.ts';
import { describe, message, prepare, type TelegramMessage } from './prepare.ts';

/** Receives messages to a Telegram bot and sends messages from it. */
export const telegram: ConnectorType<never, TelegramMessage> = {
  name: 'telegram',
  title: 'Telegram',
  category: 'chat',
  summary: 'Run agents for messages to a Telegram bot, and reply in its chats.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M20.5 4 3.5 11l6 2.2L12 20l3-4.5 3.5 2.5z"/><path d="m9.5 13.2 6.5-5"/></g>',
  connection: telegramBot,
  modes: { inbound: inboundMode, outbound: outboundMode },
  message,
  prepare,
  describe,
  // The first result loads the code that sends messages.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
