import type { WireModelStats } from '../../src/api/contract/stats.ts';
import { runCount } from '../agents/recent-numbers.ts';
import { costText, countText } from '../format/numbers.ts';
import { RunsLink } from '../parts/runs-link.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';

/** Usage per model in the period, most expensive first. */
export function ModelTotals({ models, from }: { models: readonly WireModelStats[]; from: string }) {
  if (models.length === 0) return null;
  return (
    <Section title="By model" flush hasStop>
      <Table
        headings={[
          'Model',
          { title: 'Runs', isNumber: true },
          { title: 'Tokens in', isNumber: true },
          { title: 'Tokens out', isNumber: true },
          { title: 'Cost', isNumber: true },
        ]}
      >
        {models.map((model) => (
          <tr key={model.model}>
            <td className={table.mono}>{model.model}</td>
            <td className={table.number}>
              <RunsLink filters={{ model: model.model, from }}>{countText(runCount(model))}</RunsLink>
            </td>
            <td className={table.number}>{countText(model.tokens.input)}</td>
            <td className={table.number}>{countText(model.tokens.output)}</td>
            <td className={table.number}>{costText(model.cost_usd)}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
