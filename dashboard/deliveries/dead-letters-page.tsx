import { Link } from 'wouter';
import type { WireDeadLetter } from '../../src/api/contract/dead-letter.ts';
import { useDeadLetterList, useRetryDeadLetter } from '../api/dead-letters.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Empty } from '../parts/empty.tsx';
import { OpeningRow } from '../parts/opening-row.tsx';
import { Page } from '../parts/page.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';

/** Events that failed after all retries. They stay here until an operator decides; nothing is dropped silently. */
export default function DeadLettersPage() {
  const list = useDeadLetterList();
  return (
    <Page title="Dead letters" summary="Events that failed after all retries. Review and retry them here.">
      <PagedList
        of={list}
        empty={<Empty title="No dead letters">Events that fail after all retries appear here.</Empty>}
      >
        {(items) => (
          <Section title="Newest first" flush>
            <Table headings={['Step', 'Reason', 'Related to', 'Time', { title: 'Actions', isHidden: true }]}>
              {items.map((letter) => (
                <DeadLetterRow key={letter.dead_letter_id} letter={letter} />
              ))}
            </Table>
          </Section>
        )}
      </PagedList>
    </Page>
  );
}

function DeadLetterRow({ letter }: { letter: WireDeadLetter }) {
  const retry = useRetryDeadLetter();
  return (
    <OpeningRow
      columns={5}
      detail={() => <CodeBlock text={JSON.stringify(letter.body, null, 2)} what="the dead letter" />}
    >
      {(opener) => (
        <>
          <td className={table.mono}>{letter.source}</td>
          <td>
            {opener(letter.reason)}
            {retry.error !== null && <div className={table.failure}>{retry.error.message}</div>}
          </td>
          <td>
            {letter.run_id !== null && <Link href={`/runs/${letter.run_id}`}>run</Link>}{' '}
            {letter.connector_id !== null && (
              <Link href={`/connectors/${letter.connector_id}`}>connector</Link>
            )}
          </td>
          <td className={table.soft}>
            <RelativeTime at={letter.at} />
          </td>
          <td className={table.number}>
            <RowButton isPending={retry.isPending} onClick={() => retry.mutate(letter.dead_letter_id)}>
              Retry
            </RowButton>
          </td>
        </>
      )}
    </OpeningRow>
  );
}
