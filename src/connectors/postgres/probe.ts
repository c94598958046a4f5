import type { Client } from 'pg';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { type ConnectionConfig, inboundConfigOf, storedConnection } from './config.ts';
import { databaseError } from './database-error.ts';
import { readTable } from './read-table.ts';
import { withSession } from './session.ts';
import { nothingRead } from './table-cursor.ts';
import { MissingTable, tableFacts } from './table-facts.ts';

/** Short enough for the waiting operator and the gateway. */
const patienceMs = 10_000;

/**
 * Connects like a connector with this configuration. For a table, it looks up the columns and tries the condition.
 *
 * @throws ZodError where the configuration is not valid
 */
export function probe(given: JsonObject, context: ProbeContext): Promise<Probed> {
  const config = inboundConfigOf(given);
  return tryOut(config, context, async (client) => {
    if (config.table === undefined) {
      return { outcome: 'reached', detail: `The user may listen to the channel "${config.channel}".` };
    }
    const { cursorType, keyColumns } = await tableFacts(client, config);
    await readTable(client, config, nothingRead(config), 0);
    const key = keyColumns.length === 0 ? 'no primary key' : `the primary key ${keyColumns.join(', ')}`;
    return {
      outcome: 'reached',
      detail: `The table ${config.table} can be read: ${config.cursor_column} is of type ${cursorType}, and the table has ${key}.`,
    };
  });
}

/** Logs in to the database of a connection. @throws ZodError where the configuration is not valid */
export function probeDatabase(given: JsonObject, context: ProbeContext): Promise<Probed> {
  const config = storedConnection.parse(given);
  const detail = `The server accepts the user "${config.user}" for the database "${config.database}".`;
  return tryOut(config, context, async () => ({ outcome: 'reached', detail }));
}

async function tryOut(
  config: ConnectionConfig,
  context: ProbeContext,
  work: (client: Client) => Promise<Probed>,
): Promise<Probed> {
  const limit = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([context.signal, limit]);
  const { allowPrivateTargets, secrets } = context;
  const access = { config, password: secrets['password'], allowPrivateTargets, signal };
  try {
    return await withSession(access, work);
  } catch (thrown) {
    if (thrown instanceof MissingTable) return { outcome: 'failed', error: thrown.message };
    const error = limit.aborted
      ? `The database server did not respond within ${patienceMs / 1_000} seconds.`
      : databaseError(thrown, Object.values(secrets));
    return { outcome: 'failed', error };
  }
}
