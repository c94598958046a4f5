import type { WireAuditEntry } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { localTime } from '../time-text.ts';

/** Entries of the audit log as a table. */
export function auditTable(entries: readonly WireAuditEntry[], paint: Colours): string {
  if (entries.length === 0) return 'No entries.';
  return table(
    ['AT', 'WHO', 'DID', 'TO', 'DETAIL'],
    entries.map((entry) => [
      localTime(entry.at),
      oneLine(entry.actor, 40),
      entry.action,
      oneLine(entry.subject, 60),
      oneLine(entry.detail ?? '', 80),
    ]),
    paint,
  );
}
