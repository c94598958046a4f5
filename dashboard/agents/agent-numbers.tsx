import type { WireAgent } from '../../src/api/contract/agent.ts';
import { durationText } from '../format/duration.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Numbers } from '../parts/numbers.tsx';
import { runCount, successRate } from './recent-numbers.ts';

/** What the agent did in the last day. */
export function AgentNumbers({ agent: { recent } }: { agent: WireAgent }) {
  const duration = recent.duration_ms;
  return (
    <Numbers
      title="Last 24 hours"
      items={[
        { label: 'Runs', value: countText(runCount(recent)) },
        { label: 'Success', value: percentText(successRate(recent)) },
        { label: 'Duration p50', value: duration === null ? '–' : durationText(duration.p50) },
        { label: 'Duration p95', value: duration === null ? '–' : durationText(duration.p95) },
        { label: 'Tokens', value: countText(recent.tokens) },
        { label: 'Cost', value: costText(recent.cost_usd) },
      ]}
    />
  );
}
