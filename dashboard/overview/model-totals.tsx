import type { WireModelStats } from '../../src/api/contract/stats.ts';
import { runCount } from '../agents/recent-numbers.ts';
import { costText, countText } from '../format/numbers.ts';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';

/** What every model was used for in the period, most expensive first. */
export function ModelTotals({ models }: { models: readonly WireModelStats[] }) {
  if (models.length === 0) return null;
  return (
    <Section title="By model" flush hasStop>
      <table className={table.table}>
        <thead>
          <tr>
            <th>Model</th>
            <th className={table.number}>Runs</th>
            <th className={table.number}>Tokens in</th>
            <th className={table.number}>Tokens out</th>
            <th className={table.number}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.model}>
              <td className={table.mono}>{model.model}</td>
              <td className={table.number}>{countText(runCount(model))}</td>
              <td className={table.number}>{countText(model.tokens.input)}</td>
              <td className={table.number}>{countText(model.tokens.output)}</td>
              <td className={table.number}>{costText(model.cost_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
