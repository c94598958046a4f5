import { Progress } from '@mantine/core';
import type { WireBudget } from '../../src/api/contract/budget.ts';
import { amountText } from './budget-words.ts';
import classes from './used-bar.module.css';

/** What is used of a budget and reserved by calls in progress, as a bar with a mark where it warns, and in words. */
export function UsedBar({ budget }: { budget: WireBudget }) {
  const { used, reserved, limit, warn_at } = budget;
  if (used === null || reserved === null) return 'counted for each run';
  const share = (amount: number) => Math.min(100, (amount / limit) * 100);
  const isReached = used >= limit;
  const isNear = !isReached && warn_at !== null && share(used) >= warn_at;
  const colour = isReached ? 'red.7' : isNear ? 'yellow.7' : 'teal.7';
  return (
    <>
      <div className={classes.bar} aria-hidden>
        <Progress.Root size="sm">
          <Progress.Section value={share(used)} color={colour} />
          <Progress.Section value={Math.min(100 - share(used), share(reserved))} color="gray.5" />
        </Progress.Root>
        {warn_at !== null && (
          <span className={classes.mark} style={{ left: `${warn_at}%` }} title={`Warns at ${warn_at}%`} />
        )}
      </div>
      <p className={classes.words}>
        {`${amountText(budget, used)} of ${amountText(budget, limit)}`}
        {reserved > 0 && `, ${amountText(budget, reserved)} reserved`}
        {isNear && <span className={classes.near}>{`, over ${warn_at}%`}</span>}
        {isReached && <span className={classes.reached}>, limit reached</span>}
      </p>
    </>
  );
}
