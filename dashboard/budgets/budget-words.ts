import type { WireAgent } from '../../src/api/contract/agent.ts';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { WireBudget } from '../../src/api/contract/budget.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { RunFilters } from '../api/runs.ts';
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

/** What happens at the limit. */
export const atTheLimit = { hold: 'Runs wait', refuse: 'Triggers are refused', stop: 'Runs end' };

/**
 * Whose runs are counted.
 *
 * @param connectors to name the one of the budget
 */
export function scopeText(
  { scope: { type, id } }: Pick<WireBudget, 'scope'>,
  connectors: readonly Pick<WireConnector, 'id' | 'name'>[] = [],
): string {
  if (type === 'deployment') return 'All runs';
  const subject = {
    agent: 'Agent',
    connector: 'Connector',
    session: 'Session key',
    concurrency: 'Concurrency key',
  }[type];
  if (id === null) return `Each ${subject.toLowerCase()}`;
  return `${subject} ${connectors.find((connector) => connector.id === id)?.name ?? id}`;
}

/** The runs that may wait for a budget, as filters of the list of runs. */
export function waitingRuns({ scope: { type, id } }: Pick<WireBudget, 'scope'>): RunFilters {
  const status = { status: 'queued' };
  return id !== null && (type === 'agent' || type === 'connector') ? { ...status, [type]: id } : status;
}

/** The budgets that count runs of an agent, its steps included. */
export function budgetsOfAgent(
  budgets: readonly WireBudget[],
  agent: WireAgent,
  agents: readonly WireAgent[],
): readonly WireBudget[] {
  const names = new Set([agent.name]);
  // A set visits the names that are added meanwhile.
  for (const name of names)
    for (const step of agents.find((one) => one.name === name)?.steps ?? []) names.add(step);
  return budgets.filter((budget) => countsRunsOf(agent, names, budget));
}

function countsRunsOf(
  agent: WireAgent,
  names: ReadonlySet<string>,
  { scope: { type, id } }: WireBudget,
): boolean {
  switch (type) {
    case 'deployment':
      return true;
    case 'agent':
      return id !== null && names.has(id);
    case 'connector':
      return agent.connectors.some((connector) => connector.id === id && connector.mode !== 'outbound');
    case 'session':
      return agent.session !== null;
    case 'concurrency':
      return agent.concurrency !== null;
  }
}

/** The budgets that count runs that a connector starts: its own, those of its agents, and those of all runs. */
export function budgetsOfConnector(
  budgets: readonly WireBudget[],
  { id, mode, agents: links }: WireConnector,
  agents: readonly WireAgent[],
): readonly WireBudget[] {
  if (mode === 'outbound') return [];
  const linked = agents.filter(({ name }) => links.map(agentOf).includes(name));
  const counted = new Set(linked.flatMap((agent) => budgetsOfAgent(budgets, agent, agents)));
  return budgets.filter((budget) => {
    const { scope } = budget;
    return scope.type === 'connector' ? scope.id === id : scope.type === 'deployment' || counted.has(budget);
  });
}
