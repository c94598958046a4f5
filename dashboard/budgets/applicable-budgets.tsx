import { Link } from 'wouter';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import type { WireBudget } from '../../src/api/contract/budget.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useAgents } from '../api/agents.ts';
import { useBudgets } from '../api/budgets.ts';
import { useConnectors } from '../api/connectors.ts';
import { counted } from '../format/numbers.ts';
import { RunsLink } from '../parts/runs-link.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import {
  atTheLimit,
  budgetsOfAgent,
  budgetsOfConnector,
  limitText,
  scopeText,
  waitingRuns,
} from './budget-words.ts';
import { UsedBar } from './used-bar.tsx';

/** On pages that are about something else, budgets need not be up to the second. */
const refreshMs = 15_000;

/** The budgets that count an agent's runs. Empty if none does. */
export function AgentBudgets({ agent }: { agent: WireAgent }) {
  const budgets = useBudgets(refreshMs).data?.items ?? [];
  const agents = useAgents().data?.items ?? [];
  return <Applicable title="Budgets" budgets={budgetsOfAgent(budgets, agent, agents)} />;
}

/** The budgets that count the runs that a connector starts. Empty if none does. */
export function ConnectorBudgets({ connector }: { connector: WireConnector }) {
  const budgets = useBudgets(refreshMs).data?.items ?? [];
  const agents = useAgents().data?.items ?? [];
  return <Applicable title="Budgets for its runs" budgets={budgetsOfConnector(budgets, connector, agents)} />;
}

/** How many runs wait for a budget, linked to the runs that wait. */
export function HeldRuns({ budget }: { budget: WireBudget }) {
  if (budget.held_runs === 0) return '–';
  return <RunsLink filters={waitingRuns(budget)}>{counted(budget.held_runs, 'run')}</RunsLink>;
}

function Applicable({ title, budgets }: { title: string; budgets: readonly WireBudget[] }) {
  const connectors = useConnectors();
  if (budgets.length === 0) return null;
  return (
    <Section title={title} flush>
      <Table headings={['Budget', 'Used', 'At the limit', 'Waiting']}>
        {budgets.map((budget) => (
          <tr key={budget.id}>
            <td>
              <Link href="/budgets" className={table.main}>
                {budget.name}
              </Link>
              <div className={table.soft}>
                {scopeText(budget, connectors.data)}, {limitText(budget)}
              </div>
            </td>
            <td>
              <UsedBar budget={budget} />
            </td>
            <td>{atTheLimit[budget.on_limit]}</td>
            <td>
              <HeldRuns budget={budget} />
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
