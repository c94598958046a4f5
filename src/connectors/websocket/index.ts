import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { syncMode } from './sync-mode.ts';

/** A chat with agents over one connection. */
export const websocket: ConnectorType = {
  name: 'websocket',
  title: 'WebSocket',
  summary: 'Chat with agents over a connection that stays open. Answers stream as the model writes them.',
  category: 'chat',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M4 5.5h16v10h-8.5L7 19v-3.5H4z"/><path d="M8.5 9 7 10.5 8.5 12"/><path d="M15.5 9l1.5 1.5-1.5 1.5"/><path d="M10.7 10.5h2.6"/></g>',
  modes: { sync: syncMode },
};
