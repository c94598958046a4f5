import type { WireAuditEntry } from '../../src/api/contract/audit-entry.ts';
import { usePagedList } from './paged-list.ts';

/** Audit entries, newest first, in pages; with `subject`, only those about that ID or name. */
export function useAuditLog(subject?: string) {
  return usePagedList<WireAuditEntry>(['audit-log', subject ?? null], '/audit-log', { subject });
}
