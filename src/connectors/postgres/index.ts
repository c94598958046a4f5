import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { database } from './connection.ts';
import { type DatabaseEvent, keptEvent } from './database-event.ts';
import { inboundMode } from './inbound-mode.ts';
import { receive } from './receive.ts';

/** Receives new rows of a table, or notifications on a channel. */
export const postgres: ConnectorType<DatabaseEvent> = {
  name: 'postgres',
  title: 'PostgreSQL',
  category: 'databases',
  summary: 'Run agents for new rows of a table, or for notifications on a channel.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><ellipse cx="12" cy="6" rx="7.5" ry="3"/><path d="M4.5 6v12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6"/><path d="M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3"/></g>',
  connection: database,
  modes: { inbound: inboundMode },
  receive,
  deadLetterCodec: keptEvent,
};
