import { useState } from 'react';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import { durationText } from '../format/duration.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Numbers } from '../parts/numbers.tsx';
import { RunsLink } from '../parts/runs-link.tsx';
import { runCount, successRate } from './recent-numbers.ts';

/** The agent's activity in the last day. */
export function AgentNumbers({ agent: { name: agent, recent } }: { agent: WireAgent }) {
  const [from] = useState(dayAgo);
  const duration = recent.duration_ms;
  return (
    <Numbers
      title="Last 24 hours"
      items={[
        {
          label: 'Runs',
          value: <RunsLink filters={{ agent, from }}>{countText(runCount(recent))}</RunsLink>,
        },
        {
          label: 'Success',
          value: (
            <RunsLink filters={{ agent, from, status: 'completed' }}>
              {percentText(successRate(recent))}
            </RunsLink>
          ),
        },
        { label: 'Duration p50', value: duration === null ? '–' : durationText(duration.p50) },
        { label: 'Duration p95', value: duration === null ? '–' : durationText(duration.p95) },
        { label: 'Tokens', value: countText(recent.tokens) },
        { label: 'Cost', value: costText(recent.cost_usd) },
      ]}
    />
  );
}

function dayAgo(): string {
  return new Date(Date.now() - 24 * 3_600_000).toISOString();
}
