import type { ReactNode } from 'react';
import type { WireStats } from '../../src/api/contract/stats.ts';
import { runCount, successRate } from '../agents/recent-numbers.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Numbers } from '../parts/numbers.tsx';
import { RunsLink } from '../parts/runs-link.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import classes from './totals.module.css';

/** Totals of the period and the current queue, linked to their runs. */
export function Totals({ stats: { totals, queue, from } }: { stats: WireStats }) {
  const ofStatus = (status: string, value: ReactNode) => (
    <RunsLink filters={{ from, status }}>{value}</RunsLink>
  );
  const ofAll = (value: ReactNode) => <RunsLink filters={{ from }}>{value}</RunsLink>;
  return (
    <Numbers
      title="Totals"
      items={[
        { label: 'Runs', value: ofAll(countText(runCount(totals))) },
        { label: 'Success', value: ofStatus('completed', percentText(successRate(totals))) },
        { label: 'Failed', value: ofStatus('failed', countText(totals.runs.failed ?? 0)) },
        { label: 'Queued', value: <Queue queue={queue} /> },
        { label: 'Running', value: ofStatus('running', countText(totals.runs.running ?? 0)) },
        { label: 'Tokens', value: ofAll(countText(totals.tokens.total)) },
        { label: 'Cost', value: ofAll(costText(totals.cost_usd)) },
      ]}
    />
  );
}

function Queue({ queue: { queued, held, oldest_queued_at } }: Pick<WireStats, 'queue'>) {
  return (
    <>
      <RunsLink filters={{ status: 'queued' }}>{countText(queued)}</RunsLink>
      {held > 0 && (
        <span className={classes.beside}>{held === queued ? 'all' : countText(held)} held back</span>
      )}
      {oldest_queued_at !== null && (
        <span className={classes.beside}>
          oldest {held > 0 && 'of the others '}
          <RelativeTime at={oldest_queued_at} />
        </span>
      )}
    </>
  );
}
