import { Link } from 'wouter';
import { runCount, successRate } from '../agents/recent-numbers.ts';
import { useAgents } from '../api/agents.ts';
import { durationText } from '../format/duration.ts';
import { costText, countText, percentText } from '../format/numbers.ts';
import { Answer } from '../parts/answer.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';

/** What every agent did and used in the last day, the busiest first. */
export function AgentTotals() {
  const agents = useAgents();
  return (
    <Section title="By agent, last 24 hours" flush>
      <Answer of={agents}>
        {({ items }) => (
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
              {items
                .toSorted((one, other) => runCount(other.recent) - runCount(one.recent))
                .map(({ name, model, recent }) => (
                  <tr key={name}>
                    <td className={table.main}>
                      <Link href={`/agents/${name}`}>{name}</Link>
                    </td>
                    <td className={`${table.mono} ${table.soft}`}>{model ?? '–'}</td>
                    <td className={table.number}>{countText(runCount(recent))}</td>
                    <td className={table.number}>{percentText(successRate(recent))}</td>
                    <td className={table.number}>
                      {recent.duration_ms ? durationText(recent.duration_ms.p50) : '–'}
                    </td>
                    <td className={table.number}>
                      {recent.duration_ms ? durationText(recent.duration_ms.p95) : '–'}
                    </td>
                    <td className={table.number}>{countText(recent.tokens)}</td>
                    <td className={table.number}>{costText(recent.cost_usd)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Answer>
    </Section>
  );
}
