import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { inboundMode, syncMode } from './modes.ts';

/** Offers agents as tools of a Model Context Protocol server. */
export const mcp: ConnectorType = {
  name: 'mcp',
  title: 'MCP',
  summary: 'Make agents tools of other agents and of AI assistants, through the Model Context Protocol.',
  category: 'agents',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M4 12.2 11.6 4.6a3 3 0 0 1 4.3 4.3l-5.8 5.8"/><path d="m10.2 14.6 5.7-5.7a3 3 0 0 1 4.3 4.3l-6.9 6.9 1.5 1.5"/><path d="m13.8 6.7-5.7 5.7a3 3 0 0 0 4.3 4.3l5.7-5.7"/></g>',
  modes: { inbound: inboundMode, sync: syncMode },
};
