import type { WireBudget } from '../../src/api/contract/budget.ts';
import { useBudgets, useDeleteBudget } from '../api/budgets.ts';
import { useConnectors } from '../api/connectors.ts';
import { Answer } from '../parts/answer.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { ComingTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { HeldRuns } from './applicable-budgets.tsx';
import { atTheLimit, limitText, scopeText } from './budget-words.ts';
import { ChangeLimit } from './change-limit.tsx';
import { CreateBudget } from './create-budget.tsx';
import { UsedBar } from './used-bar.tsx';

/** Limits for what runs may use, and how much is used. */
export default function BudgetsPage() {
  const budgets = useBudgets();
  return (
    <Page
      title="Budgets"
      summary="Limits for the cost, tokens, and number of runs per period."
      actions={
        <OperatorsOnly>
          <CreateBudget />
        </OperatorsOnly>
      }
    >
      <Answer of={budgets}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No budgets yet">Without a budget, nothing limits what runs cost.</Empty>
          ) : (
            <Section title="Oldest first" flush hasStop>
              <BudgetTable budgets={items} />
            </Section>
          )
        }
      </Answer>
    </Page>
  );
}

function BudgetTable({ budgets }: { budgets: readonly WireBudget[] }) {
  return (
    <Table
      headings={[
        'Name',
        'Counts',
        'Used',
        'Starts over',
        'At the limit',
        'Waiting',
        { title: 'Actions', isHidden: true },
      ]}
    >
      {budgets.map((budget) => (
        <BudgetRow key={budget.id} budget={budget} />
      ))}
    </Table>
  );
}

function BudgetRow({ budget }: { budget: WireBudget }) {
  const remove = useDeleteBudget(budget.id);
  const connectors = useConnectors();
  const { name, resets_at, on_limit } = budget;
  return (
    <tr>
      <td className={table.main}>
        {name}
        {remove.error !== null && <div className={table.failure}>{remove.error.message}</div>}
      </td>
      <td>
        {scopeText(budget, connectors.data)}
        <div className={table.soft}>{limitText(budget)}</div>
      </td>
      <td>
        <UsedBar budget={budget} />
      </td>
      <td className={table.soft}>{resets_at === null ? 'with each run' : <ComingTime at={resets_at} />}</td>
      <td>{atTheLimit[on_limit]}</td>
      <td>
        <HeldRuns budget={budget} />
      </td>
      <td className={table.number}>
        <OperatorsOnly>
          <ChangeLimit budget={budget} />{' '}
          <ConfirmButton
            label="Delete"
            size="compact-xs"
            question={`Delete the budget “${name}”?`}
            consequence="Runs that wait for it start at once."
            isPending={remove.isPending}
            onConfirm={() => remove.mutate()}
          />
        </OperatorsOnly>
      </td>
    </tr>
  );
}
