import { Progress, Text } from '@mantine/core';
import type { WireBudget } from '../../src/api/contract/budget.ts';
import { amountText } from './budget-words.ts';

/** What is used of a budget and reserved by calls in progress, as a bar and in words. */
export function UsedBar({ budget }: { budget: WireBudget }) {
  const { used, reserved, limit, warn_at } = budget;
  if (used === null || reserved === null) return '–';
  const share = (amount: number) => Math.min(100, (amount / limit) * 100);
  const isNear = warn_at !== null && share(used) >= warn_at;
  const colour = used >= limit ? 'red.7' : isNear ? 'yellow.7' : 'teal.7';
  const words = `${amountText(budget, used)} of ${amountText(budget, limit)}`;
  return (
    <>
      <Progress.Root size="sm" miw={120} aria-hidden>
        <Progress.Section value={share(used)} color={colour} />
        <Progress.Section value={Math.min(100 - share(used), share(reserved))} color="gray.5" />
      </Progress.Root>
      <Text size="xs" mt={4}>
        {words}
        {reserved > 0 && `, ${amountText(budget, reserved)} reserved`}
      </Text>
    </>
  );
}
