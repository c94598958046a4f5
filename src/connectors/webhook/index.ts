import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { outboundMode } from './outbound-config.ts';
import { prepare, type WebhookMessage } from './prepare.ts';
import { inboundMode, syncMode } from './receiving-modes.ts';

/** Receives and sends HTTP requests. */
export const webhook: ConnectorType<never, WebhookMessage> = {
  name: 'webhook',
  title: 'Webhook',
  summary: 'Call a URL to run agents, wait for an answer, or have results posted to you.',
  category: 'web',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="6.5" r="3"/><circle cx="5.5" cy="17" r="3"/><circle cx="18.5" cy="17" r="3"/><path d="M10.4 9 7.1 14.4M13.5 9.1l3.3 5.3M8.5 17h7"/></g>',
  modes: { inbound: inboundMode, sync: syncMode, outbound: outboundMode },
  prepare,
  carriesChain: true,
  // The first delivery loads the HTTP client, so processes that only receive never need it.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
