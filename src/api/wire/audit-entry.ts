import type { AuditEntry } from '../../core/ports/audit-log.ts';
import type { WireAuditEntry } from '../contract/audit-entry.ts';
import { toIso } from './iso-time.ts';

/** An entry of the audit log in wire format. */
export function auditEntryToWire({ entryId, at, ...entry }: AuditEntry): WireAuditEntry {
  return { entry_id: entryId, at: toIso(at), ...entry };
}
