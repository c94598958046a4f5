import { PermanentError } from '../../../core/errors.ts';
import { type Connection, number } from './connection.ts';
import { firstSchema } from './migrations/001-first-schema.ts';
import { eventSources } from './migrations/002-event-sources.ts';
import { apiKeys } from './migrations/003-api-keys.ts';
import { interruptions } from './migrations/004-interruptions.ts';
import { heldDeliveries } from './migrations/005-held-deliveries.ts';
import { failureTallies } from './migrations/006-failure-tallies.ts';
import { origins } from './migrations/007-origins.ts';
import { polls } from './migrations/008-polls.ts';
import { arrivals } from './migrations/009-arrivals.ts';
import { sentMessages } from './migrations/010-sent-messages.ts';
import { connectorNames } from './migrations/011-connector-names.ts';
import { holds } from './migrations/012-holds.ts';
import { deliveredEvents } from './migrations/013-delivered-events.ts';
import { scheduledRuns } from './migrations/014-scheduled-runs.ts';
import { connections } from './migrations/015-connections.ts';
import { pausedConnectors } from './migrations/016-paused-connectors.ts';
import { chains } from './migrations/017-chains.ts';
import { deliveriesInHolds } from './migrations/018-deliveries-in-holds.ts';
import { budgets } from './migrations/019-budgets.ts';
import { filteredTriggers } from './migrations/020-filtered-triggers.ts';
import { eventsByTime } from './migrations/021-events-by-time.ts';
import { partsSent } from './migrations/022-parts-sent.ts';
import { sentByAgents } from './migrations/023-sent-by-agents.ts';
import { unpublished } from './migrations/024-unpublished.ts';

/** In order. A released migration never changes; new ones are appended. */
const migrations: readonly string[] = [
  firstSchema,
  eventSources,
  apiKeys,
  interruptions,
  heldDeliveries,
  failureTallies,
  origins,
  polls,
  arrivals,
  sentMessages,
  connectorNames,
  holds,
  deliveredEvents,
  scheduledRuns,
  connections,
  pausedConnectors,
  chains,
  deliveriesInHolds,
  budgets,
  filteredTriggers,
  eventsByTime,
  partsSent,
  sentByAgents,
  unpublished,
];

/**
 * Migrates the database to this version of the product in one transaction: completely, or not at all.
 * @throws PermanentError `data-folder-newer` if a newer version of the product has written the data folder
 */
export function migrate(connection: Connection): void {
  const row = connection.statement('PRAGMA user_version').get();
  const version = row === undefined ? 0 : number(row, 'user_version');
  if (version > migrations.length) {
    throw new PermanentError(
      'data-folder-newer',
      `The data folder was written by a newer version of the product (data version ${version}; ` +
        `this version knows ${migrations.length}). Start that version, or use another data folder.`,
    );
  }
  if (version === migrations.length) return;
  connection.inTransaction(() => {
    for (const sql of migrations.slice(version)) connection.execute(sql);
    connection.execute(`PRAGMA user_version = ${migrations.length}`);
  });
}
