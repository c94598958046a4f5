import type { JsonValue } from '../../../core/json/json-value.ts';
import type { SessionStore } from '../../../core/ports/session-store.ts';
import { text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';

/** Keeps conversations. An expired one counts as missing; retention removes it. */
export function createSessionStore(database: Database): SessionStore {
  const select = database.statement(
    'SELECT messages FROM sessions WHERE agent_name = ? AND session_key = ? AND expires_at > ?',
  );
  return {
    async load(agentName, sessionKey, now): Promise<readonly JsonValue[]> {
      const row = select.get(agentName, sessionKey, now);
      return row === undefined ? [] : JSON.parse(text(row, 'messages'));
    },
    async save(agentName, sessionKey, messages, expiresAt) {
      await database.write('saveSession', agentName, sessionKey, JSON.stringify(messages), expiresAt);
    },
  };
}
