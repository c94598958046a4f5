import * as z from 'zod';
import type { AuditEntry, AuditLog } from '../../../core/ports/audit-log.ts';
import { auditKey, idOf, listedAt, listKey, listKeys, tableIndexes } from '../store/keys.ts';
import { collectPage, inOrder } from '../store/listing.ts';
import type { Retention } from '../store/retention.ts';
import type { Table } from '../store/table.ts';

const storedEntry = z.object({
  entryId: z.string(),
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.string().nullable(),
});

/** The audit log, in chronological order and by subject. */
export function auditLog(table: Table, retention: Retention): AuditLog {
  return {
    async append(entry: AuditEntry) {
      const { entryId, at, subject } = entry;
      await table.put({
        ...auditKey(entryId),
        timeKey: listKey('AUDIT', entryId),
        connectorKey: listKey('AUDIT', entryId, subject),
        listed: listedAt(at, entryId),
        ...entry,
        expiresAt: retention.expiryOfAuditEntry(at),
      });
    },
    async list(request) {
      const { subject } = request;
      const listing =
        subject === undefined
          ? { index: tableIndexes.byTime, partitions: listKeys('AUDIT') }
          : { index: tableIndexes.byConnector, partitions: listKeys('AUDIT', subject) };
      return collectPage(table, listing, request, async (places) => {
        const ids = places.map(idOf);
        const items = await table.getMany(ids.map(auditKey));
        const entries = items.map((item) => storedEntry.parse(item));
        return inOrder(ids, entries, ({ entryId }) => entryId);
      });
    },
  };
}
