import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { slackApp } from './connection.ts';
import { inboundMode } from './inbound-mode.ts';
import { outboundMode } from './outbound-mode.ts';
import { describe, message, prepare, type SlackMessage } from './prepare.ts';

/** Receives events of a Slack workspace and sends messages to it. */
export const slack: ConnectorType<never, SlackMessage> = {
  name: 'slack',
  title: 'Slack',
  category: 'chat',
  summary: 'Run agents for messages in Slack, and reply in their threads.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><path d="M9.5 3.5v17M14.5 3.5v17M3.5 9.5h17M3.5 14.5h17"/></g>',
  connection: slackApp,
  modes: { inbound: inboundMode, outbound: outboundMode },
  message,
  prepare,
  describe,
  // The first result loads the code that formats and sends messages.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
