import { Link } from 'wouter';
import type { WireAgentStats } from '../../src/api/contract/stats.ts';
import { runCount, successRate } from '../agents/recent-numbers.ts';
import { durationText } from '../format/duration.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { RunsLink } from '../parts/runs-link.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';

/** Runs and usage per agent in the period, busiest first. */
export function AgentTotals({ agents, from }: { agents: readonly WireAgentStats[]; from: string }) {
  return (
    <Section title="By agent" flush>
      <Table
        headings={[
          'Agent',
          { title: 'Runs', isNumber: true },
          { title: 'Success', isNumber: true },
          { title: 'p50', isNumber: true },
          { title: 'p95', isNumber: true },
          { title: 'Tokens', isNumber: true },
          { title: 'Cost', isNumber: true },
        ]}
      >
        {agents.map((agent) => (
          <AgentRow key={agent.agent} agent={agent} from={from} />
        ))}
      </Table>
    </Section>
  );
}

function AgentRow({ agent, from }: { agent: WireAgentStats; from: string }) {
  const { duration_ms, tokens, cost_usd } = agent;
  return (
    <tr>
      <td className={table.main}>
        <Link href={`/agents/${agent.agent}`}>{agent.agent}</Link>
      </td>
      <td className={table.number}>
        <RunsLink filters={{ agent: agent.agent, from }}>{countText(runCount(agent))}</RunsLink>
      </td>
      <td className={table.number}>
        <RunsLink filters={{ agent: agent.agent, from, status: 'completed' }}>
          {percentText(successRate(agent))}
        </RunsLink>
      </td>
      <td className={table.number}>
        <SlowRuns agent={agent.agent} from={from} durationMs={duration_ms?.p50} />
      </td>
      <td className={table.number}>
        <SlowRuns agent={agent.agent} from={from} durationMs={duration_ms?.p95} />
      </td>
      <td className={table.number}>{countText(tokens.total)}</td>
      <td className={table.number}>{costText(cost_usd)}</td>
    </tr>
  );
}

interface SlowRunsProps {
  readonly agent: string;
  readonly from: string;
  /** `undefined` if no run ended. */
  readonly durationMs: number | undefined;
}

/** A duration, with a link to the runs that took at least as long. */
function SlowRuns({ agent, from, durationMs }: SlowRunsProps) {
  if (durationMs === undefined) return '–';
  return (
    <RunsLink filters={{ agent, from, min_duration_ms: String(Math.floor(durationMs)) }}>
      {durationText(durationMs)}
    </RunsLink>
  );
}
