import { Link } from 'wouter';
import type { WireRunSummary } from '../../src/api/contract/run.ts';
import { type RunFilters, useRecentRuns } from '../api/runs.ts';
import { durationBetween, durationText } from '../format/duration.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { Section } from '../parts/section.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import classes from './recent-runs.module.css';

const shownRuns = 10;

/** The newest matching runs, with a link to all of them. */
export function RecentRuns({ title, filters }: { title: string; filters: RunFilters }) {
  const runs = useRecentRuns(filters, shownRuns);
  const all = `/runs?${new URLSearchParams(Object.entries(filters))}`;
  return (
    <Section
      title={title}
      actions={
        <Link href={all} className={classes.all}>
          All runs
        </Link>
      }
      flush
    >
      <Answer of={runs}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="No runs yet">Runs appear here as they start.</Empty>
          ) : (
            <Table
              headings={[
                'Status',
                'Run',
                ...(filters.agent === undefined ? ['Agent'] : []),
                { title: 'Duration', isNumber: true },
                { title: 'Queued', isNumber: true },
              ]}
            >
              {items.map((run) => (
                <RunRow key={run.run_id} run={run} showAgent={filters.agent === undefined} />
              ))}
            </Table>
          )
        }
      </Answer>
    </Section>
  );
}

function RunRow({ run, showAgent }: { run: WireRunSummary; showAgent: boolean }) {
  const durationMs = durationBetween(run.started_at, run.ended_at);
  return (
    <tr>
      <td className={classes.status}>
        <StatusBadge status={run.status} />
      </td>
      <td>
        <Link href={`/runs/${run.run_id}`} className={table.mono}>
          {run.run_id}
        </Link>
        {run.error !== null && (
          <div className={classes.error} title={run.error.message}>
            {run.error.message}
          </div>
        )}
      </td>
      {showAgent && <td>{run.agent_name}</td>}
      <td className={table.number}>{durationMs === null ? '' : durationText(durationMs)}</td>
      <td className={`${table.number} ${table.soft}`}>
        <RelativeTime at={run.queued_at} />
      </td>
    </tr>
  );
}
