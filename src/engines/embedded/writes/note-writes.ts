import type { AuditEntry } from '../../../core/ports/audit-log.ts';
import type { ConnectorEvent } from '../../../core/ports/connector-history.ts';
import type { RefusedRequest } from '../../../core/triggers/refused-request.ts';
import { type Connection, number } from '../store/connection.ts';

/** Kept at most, about 10 MB: a flood of refused requests must not fill the disk. */
const mostRefused = 10_000;

/** Writes records of runs, connectors and people: traces, conversations, history, audit log. */
export function noteWrites(connection: Connection) {
  const selectHeld = connection.statement(
    `SELECT position FROM runs WHERE run_id = ? AND lease_owner = ? AND status = 'running'`,
  );
  const putTrace = connection.statement('INSERT OR REPLACE INTO traces (position, trace) VALUES (?, ?)');
  const putSession = connection.statement(
    'INSERT OR REPLACE INTO sessions (agent_name, session_key, messages, expires_at) VALUES (?, ?, ?, ?)',
  );
  const insertEvent = connection.statement(`
    INSERT INTO connector_events (event_id, connector_id, at, event, detail) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (event_id) DO NOTHING`);
  const insertEntry = connection.statement(`
    INSERT INTO audit_log (entry_id, at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const insertRefused = connection.statement(
    'INSERT INTO refused_requests (at, connector_id, record) VALUES (?, ?, ?) RETURNING position',
  );
  const removeRefused = connection.statement('DELETE FROM refused_requests WHERE position <= ?');
  return {
    /** Does nothing unless `owner` holds the run. */
    saveTrace(runId: string, owner: string, trace: string): void {
      const held = selectHeld.get(runId, owner);
      if (held !== undefined) putTrace.run(number(held, 'position'), trace);
    },
    saveSession(agentName: string, sessionKey: string, messages: string, expiresAt: number): void {
      putSession.run(agentName, sessionKey, messages, expiresAt);
    },
    appendEvent({ eventId, connectorId, at, event, detail }: ConnectorEvent): void {
      insertEvent.run(eventId, connectorId, at, event, detail);
    },
    /** The newest replace the oldest. */
    addRefusedRequest(request: RefusedRequest): void {
      const row = insertRefused.get(request.at, request.connectorId, JSON.stringify(request));
      if (row !== undefined) removeRefused.run(number(row, 'position') - mostRefused);
    },
    appendAuditEntry({ entryId, at, actor, action, subject, detail }: AuditEntry): void {
      insertEntry.run(entryId, at, actor, action, subject, detail);
    },
  };
}
