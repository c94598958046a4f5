import { Link } from 'wouter';
import type { WireAgentStats } from '../../src/api/contract/stats.ts';
import { runCount, successRate } from '../agents/recent-numbers.ts';
import { durationText } from '../format/duration.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';

/** What every agent did and used in the period, the busiest first. */
export function AgentTotals({ agents }: { agents: readonly WireAgentStats[] }) {
  return (
    <Section title="By agent" flush>
      <table className={table.table}>
        <thead>
          <tr>
            <th>Agent</th>
            <th className={table.number}>Runs</th>
            <th className={table.number}>Success</th>
            <th className={table.number}>p50</th>
            <th className={table.number}>p95</th>
            <th className={table.number}>Tokens</th>
            <th className={table.number}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <AgentRow key={agent.agent} agent={agent} />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function AgentRow({ agent }: { agent: WireAgentStats }) {
  const { duration_ms, tokens, cost_usd } = agent;
  return (
    <tr>
      <td className={table.main}>
        <Link href={`/agents/${agent.agent}`}>{agent.agent}</Link>
      </td>
      <td className={table.number}>{countText(runCount(agent))}</td>
      <td className={table.number}>{percentText(successRate(agent))}</td>
      <td className={table.number}>{duration_ms === null ? '–' : durationText(duration_ms.p50)}</td>
      <td className={table.number}>{duration_ms === null ? '–' : durationText(duration_ms.p95)}</td>
      <td className={table.number}>{countText(tokens.total)}</td>
      <td className={table.number}>{costText(cost_usd)}</td>
    </tr>
  );
}
