import type { WireStats } from '../../src/api/contract/stats.ts';
import { runCount, successRate } from '../agents/recent-numbers.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Numbers } from '../parts/numbers.tsx';

/** The sums of the period, and what waits now. */
export function Totals({ stats: { totals } }: { stats: WireStats }) {
  return (
    <Numbers
      title="Totals"
      items={[
        { label: 'Runs', value: countText(runCount(totals)) },
        { label: 'Success', value: percentText(successRate(totals)) },
        { label: 'Failed', value: countText(totals.runs.failed ?? 0) },
        { label: 'In the queue', value: countText(totals.runs.queued ?? 0) },
        { label: 'Running', value: countText(totals.runs.running ?? 0) },
        { label: 'Tokens', value: countText(totals.tokens.total) },
        { label: 'Cost', value: costText(totals.cost_usd) },
      ]}
    />
  );
}
