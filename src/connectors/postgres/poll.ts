import { allSecrets } from '../../core/connectors/connector-secrets.ts';
import type { PollContext, Polled } from '../../core/connectors/ways.ts';
import { jsonValue } from '../../core/json/json-value.ts';
import { inboundConfigOf } from './config.ts';
import { databaseError } from './database-error.ts';
import type { DatabaseEvent } from './database-event.ts';
import { readTable } from './read-table.ts';
import { withSession } from './session.ts';
import { readCursor } from './table-cursor.ts';
import { MissingTable } from './table-facts.ts';

export async function poll(context: PollContext): Promise<Polled<DatabaseEvent>> {
  const { connector, secrets, allowPrivateTargets, signal, now } = context;
  const config = inboundConfigOf(connector.config);
  try {
    const access = { config, password: secrets.config['password'], allowPrivateTargets, signal };
    const { events, cursor, more } = await withSession(access, (client) =>
      readTable(client, config, readCursor(context.cursor, config), now),
    );
    return { outcome: 'polled', events, cursor: jsonValue.parse(cursor), more };
  } catch (thrown) {
    if (thrown instanceof MissingTable) return { outcome: 'failed', error: thrown.message };
    return { outcome: 'failed', error: databaseError(thrown, allSecrets(secrets)) };
  }
}
