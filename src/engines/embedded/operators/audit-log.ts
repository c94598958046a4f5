import type { AuditEntry, AuditLog } from '../../../core/ports/audit-log.ts';
import { number, type Row, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';

/** Keeps the audit log. It is append-only. */
export function createAuditLog(database: Database): AuditLog {
  const selectAll = database.statement(
    'SELECT * FROM audit_log WHERE position < ? ORDER BY position DESC LIMIT ?',
  );
  const selectOfSubject = database.statement(
    'SELECT * FROM audit_log WHERE subject = ? AND position < ? ORDER BY position DESC LIMIT ?',
  );
  return {
    append: (entry) => database.write('appendAuditEntry', entry),
    async list(request) {
      const { subject } = request;
      const query = (position: number, limit: number) =>
        subject === undefined
          ? selectAll.all(position, limit)
          : selectOfSubject.all(subject, position, limit);
      return pageOfRows(request, query, entryOfRow);
    },
  };
}

function entryOfRow(row: Row): AuditEntry {
  return {
    entryId: text(row, 'entry_id'),
    at: number(row, 'at'),
    actor: text(row, 'actor'),
    action: text(row, 'action'),
    subject: text(row, 'subject'),
    detail: textOrNull(row, 'detail'),
  };
}
