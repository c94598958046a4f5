import type { WireStats } from '../../src/api/contract/stats.ts';
import { runCount, successRate } from '../agents/recent-numbers.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Numbers } from '../parts/numbers.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import classes from './totals.module.css';

/** The sums of the period, and what waits now. */
export function Totals({ stats: { totals, queue } }: { stats: WireStats }) {
  return (
    <Numbers
      title="Totals"
      items={[
        { label: 'Runs', value: countText(runCount(totals)) },
        { label: 'Success', value: percentText(successRate(totals)) },
        { label: 'Failed', value: countText(totals.runs.failed ?? 0) },
        { label: 'Queued', value: <Queue queue={queue} /> },
        { label: 'Running', value: countText(totals.runs.running ?? 0) },
        { label: 'Tokens', value: countText(totals.tokens.total) },
        { label: 'Cost', value: costText(totals.cost_usd) },
      ]}
    />
  );
}

function Queue({ queue: { queued, oldest_queued_at } }: Pick<WireStats, 'queue'>) {
  return (
    <>
      {countText(queued)}
      {oldest_queued_at !== null && (
        <span className={classes.beside}>
          oldest <RelativeTime at={oldest_queued_at} />
        </span>
      )}
    </>
  );
}
