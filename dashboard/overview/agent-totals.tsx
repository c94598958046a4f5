import { Link } from 'wouter';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import type { WireStats } from '../../src/api/contract/stats.ts';
import { runCount, successRate } from '../agents/recent-numbers.ts';
import { useAgents } from '../api/agents.ts';
import { useAgentStats } from '../api/stats.ts';
import { durationText } from '../format/duration.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Answer } from '../parts/answer.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';

/** What every agent, with its model, did and used in the period, the busiest first. */
export function AgentTotals({ periodSeconds }: { periodSeconds: number }) {
  const agents = useAgents();
  return (
    <Section title="By agent and model" flush>
      <Answer of={agents}>{({ items }) => <Totals agents={items} periodSeconds={periodSeconds} />}</Answer>
    </Section>
  );
}

function Totals({ agents, periodSeconds }: { agents: readonly WireAgent[]; periodSeconds: number }) {
  const names = agents.map(({ name }) => name);
  const stats = useAgentStats(periodSeconds, names);
  const runsOf = ({ name }: WireAgent) => runCount(stats.get(name)?.totals ?? { runs: {} });
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th>Agent</th>
          <th>Model</th>
          <th className={table.number}>Runs</th>
          <th className={table.number}>Success</th>
          <th className={table.number}>p50</th>
          <th className={table.number}>p95</th>
          <th className={table.number}>Tokens</th>
          <th className={table.number}>Cost</th>
        </tr>
      </thead>
      <tbody>
        {agents
          .toSorted((one, other) => runsOf(other) - runsOf(one))
          .map((agent) => (
            <AgentRow key={agent.name} agent={agent} stats={stats.get(agent.name)} />
          ))}
      </tbody>
    </table>
  );
}

function AgentRow({ agent, stats }: { agent: WireAgent; stats: WireStats | undefined }) {
  const totals = stats?.totals;
  const duration = stats?.buckets.findLast(({ duration_ms }) => duration_ms !== null)?.duration_ms;
  return (
    <tr>
      <td className={table.main}>
        <Link href={`/agents/${agent.name}`}>{agent.name}</Link>
      </td>
      <td className={`${table.mono} ${table.soft}`}>{agent.model ?? '–'}</td>
      <td className={table.number}>{totals ? countText(runCount(totals)) : ''}</td>
      <td className={table.number}>{totals ? percentText(successRate(totals)) : ''}</td>
      <td className={table.number}>{duration ? durationText(duration.p50) : '–'}</td>
      <td className={table.number}>{duration ? durationText(duration.p95) : '–'}</td>
      <td className={table.number}>{totals ? countText(totals.tokens.total) : ''}</td>
      <td className={table.number}>{totals ? costText(totals.cost_usd) : ''}</td>
    </tr>
  );
}
