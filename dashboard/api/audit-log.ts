import type { WireAuditEntry } from '../../src/api/contract/audit-entry.ts';
import { usePagedList } from './paged-list.ts';

/** Who did what, newest first, page by page; with `subject` only what was done to that id or name. */
export function useAuditLog(subject?: string) {
  return usePagedList<WireAuditEntry>(['audit-log', subject ?? null], '/audit-log', { subject });
}
