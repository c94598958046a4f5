import type { WireBudget } from '../../src/api/contract/budget.ts';
import { costText, counted } from '../format/numbers.ts';

type Measured = Pick<WireBudget, 'measure'>;

/** `$1.50`, `2,000 tokens`, `1 run`. */
export function amountText({ measure }: Measured, amount: number): string {
  return measure === 'usd' ? costText(amount) : counted(amount, measure.slice(0, -1));
}

/** `$5.00 a day`. */
export function limitText(budget: WireBudget): string {
  const { limit, period } = budget;
  return `${amountText(budget, limit)} ${period === 'hour' ? 'an' : 'a'} ${period}`;
}

/** Whose runs are counted. */
export function scopeText({ scope: { type, id } }: Pick<WireBudget, 'scope'>): string {
  if (type === 'deployment') return 'All runs';
  const subject = {
    agent: 'Agent',
    connector: 'Connector',
    session: 'Session key',
    concurrency: 'Concurrency key',
  }[type];
  return id === null ? `Each ${subject.toLowerCase()}` : `${subject} ${id}`;
}
