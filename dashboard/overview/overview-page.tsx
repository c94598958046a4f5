import { SegmentedControl } from '@mantine/core';
import { Suspense, useState } from 'react';
import { runCount } from '../agents/recent-numbers.ts';
import { useAgents } from '../api/agents.ts';
import { useAttention } from '../api/attention.ts';
import { useConnectors } from '../api/connectors.ts';
import { useStats } from '../api/stats.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { loadLater } from '../parts/load-later.ts';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { AgentTotals } from './agent-totals.tsx';
import { Attention, EditedConnectors } from './attention.tsx';
import { FirstSteps, useNewestRun } from './first-steps.tsx';
import { ModelTotals } from './model-totals.tsx';
import { Totals } from './totals.tsx';

const Charts = loadLater(() => import('./charts.tsx'));

const periods = [
  { label: '1 h', value: '3600' },
  { label: '24 h', value: '86400' },
  { label: '7 d', value: '604800' },
  { label: '30 d', value: '2592000' },
];

/** The state of the system: runs, success, durations, tokens, and cost over time, and what needs attention. */
export default function OverviewPage() {
  const [period, setPeriod] = useState('86400');
  const stats = useStats(Number(period));
  const isComing = useIsComing();
  return (
    <Page
      title="Overview"
      actions={
        <SegmentedControl size="xs" aria-label="Period" data={periods} value={period} onChange={setPeriod} />
      }
    >
      {isComing ? <Loading rows={10} /> : <Sections stats={stats} />}
    </Page>
  );
}

/** Whether something is still loading that stands above other things and would move them. */
function useIsComing(): boolean {
  const attention = useAttention().isLoading;
  const connectors = useConnectors().isLoading;
  const agents = useAgents().isLoading;
  const runs = useNewestRun().isLoading;
  return attention || connectors || agents || runs;
}

function Sections({ stats }: { stats: ReturnType<typeof useStats> }) {
  return (
    <>
      <Attention />
      <EditedConnectors />
      <FirstSteps />
      <Answer of={stats}>
        {(shown) => (
          <>
            <Totals stats={shown} />
            {runCount(shown.totals) === 0 ? (
              <Empty
                title="No runs in this period"
                action={<LinkButton href="/agents">Go to agents</LinkButton>}
              >
                Open an agent and run it by hand, or add a connector and send it a request.
              </Empty>
            ) : (
              <>
                <Suspense fallback={<Loading rows={10} />}>
                  <Charts stats={shown} />
                </Suspense>
                <AgentTotals agents={shown.by_agent} from={shown.from} />
                <ModelTotals models={shown.by_model} from={shown.from} />
              </>
            )}
          </>
        )}
      </Answer>
    </>
  );
}
