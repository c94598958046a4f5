import { useAuditLog } from '../api/audit-log.ts';
import { Empty } from '../parts/empty.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';

/** Who did what and when: every change, and every view of a secret. */
export function AuditLog() {
  const list = useAuditLog();
  return (
    <Section title="Audit log" flush hasStop>
      <PagedList
        of={list}
        empty={<Empty title="No entries yet">Changes and views of secrets appear here.</Empty>}
      >
        {(entries) => (
          <Table headings={['Time', 'Actor', 'Action', 'Target', 'Details']}>
            {entries.map((entry) => (
              <tr key={entry.entry_id}>
                <td className={`${table.soft} ${table.whole}`}>
                  <RelativeTime at={entry.at} />
                </td>
                <td className={table.whole}>{entry.actor}</td>
                <td>{entry.action}</td>
                <td className={`${table.mono} ${table.whole}`}>{entry.subject}</td>
                <td className={table.soft}>{entry.detail}</td>
              </tr>
            ))}
          </Table>
        )}
      </PagedList>
    </Section>
  );
}
