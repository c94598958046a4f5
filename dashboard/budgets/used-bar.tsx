import { Progress } from '@mantine/core';
import type { WireBudget } from '../../src/api/contract/budget.ts';
import { useBudgets } from '../api/budgets.ts';
import { amountText } from './budget-words.ts';
import classes from './used-bar.module.css';

/** What is used of a budget and reserved by calls in progress, as a bar and in words. */
export function UsedBar({ budget }: { budget: WireBudget }) {
  const { used, reserved, limit, warn_at } = budget;
  if (used === null || reserved === null) return 'counted for each run';
  return (
    <>
      <Bar budget={budget} />
      <p className={classes.words}>
        {`${amountText(budget, used)} of ${amountText(budget, limit)}`}
        {reserved > 0 && `, ${amountText(budget, reserved)} reserved`}
        {stateOf(budget) === 'near' && <span className={classes.near}>{`, over ${warn_at}%`}</span>}
        {stateOf(budget) === 'reached' && <span className={classes.reached}>, limit reached</span>}
      </p>
    </>
  );
}

const colours = { reached: 'red.7', near: 'yellow.7', ok: 'teal.7' };

/** The bar alone, with a mark where the budget warns. */
function Bar({ budget }: { budget: WireBudget }) {
  const { used, reserved, warn_at } = budget;
  const share = shareOf(budget, used);
  return (
    <div className={classes.bar} aria-hidden>
      <Progress.Root size="sm">
        <Progress.Section value={share} color={colours[stateOf(budget)]} />
        <Progress.Section value={Math.min(100 - share, shareOf(budget, reserved))} color="gray.5" />
      </Progress.Root>
      {warn_at !== null && (
        <span className={classes.mark} style={{ left: `${warn_at}%` }} title={`Warns at ${warn_at}%`} />
      )}
    </div>
  );
}

function stateOf(budget: WireBudget): keyof typeof colours {
  const share = shareOf(budget, budget.used);
  if (share >= 100) return 'reached';
  return budget.warn_at !== null && share >= budget.warn_at ? 'near' : 'ok';
}

/** In percent of the limit, at most 100. */
function shareOf({ limit }: WireBudget, amount: number | null): number {
  return Math.min(100, ((amount ?? 0) / limit) * 100);
}

/** The overview need not be up to the second. */
const refreshMs = 15_000;

/** The bar of the budget with an id, without words. */
export default function BudgetBar({ id }: { id: string }) {
  const budget = useBudgets(refreshMs).data?.items.find((one) => one.id === id);
  return budget === undefined ? null : <Bar budget={budget} />;
}
