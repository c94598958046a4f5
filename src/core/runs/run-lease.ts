import { uuidV7 } from '../identifiers.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { Lease, Slot } from '../ports/run-store.ts';
import type { InterruptionRole, Isolation } from './interruption.ts';

/** Time beyond an agent's own timeout for loading, aborting, and storing the end. */
const leaseMarginSeconds = 60;

/**
 * A lease for one attempt at a run of each agent, all in one executor. It outlives the longest of their timeouts and
 * takes no slots.
 */
export function executorLease(
  engine: Engine,
  agents: readonly AgentSummary[],
  now: number,
  isolation: Isolation = 'shared',
): Lease {
  const longestSeconds = Math.max(0, ...agents.map((agent) => agent.timeoutSeconds));
  return {
    owner: uuidV7(now, engine.entropy),
    now,
    until: now + (longestSeconds + leaseMarginSeconds) * 1_000,
    slots: [],
    ifLost: roleIfLost(engine, agents.length, isolation),
  };
}

/** A run's role if the process that executes it vanishes, as far as it is known in advance. */
function roleIfLost({ executor }: Engine, runs: number, isolation: Isolation): InterruptionRole {
  if (executor.isShared) return isolation === 'process' ? 'bystander' : 'suspect';
  return runs > 1 ? 'suspect' : 'culprit';
}

/** The slots that an isolated run takes in an engine whose executor runs several at a time. */
export function isolationSlots({ executor, settings }: Engine, isolation: Isolation): readonly Slot[] {
  if (!executor.isShared || isolation === 'shared') return [];
  return [{ key: isolationKey, limit: settings.maxIsolatedRuns }];
}

/** Agent names contain no line breaks. */
const isolationKey = '\nisolated';

/** The slots that one run of the agent takes while it runs. */
export function slotsOf(agent: AgentSummary, concurrencyKey: string | null): readonly Slot[] {
  const slots: Slot[] = [];
  if (agent.maxConcurrentRuns !== null) slots.push({ key: agent.name, limit: agent.maxConcurrentRuns });
  if (concurrencyKey !== null) slots.push({ key: `${agent.name}\n${concurrencyKey}`, limit: 1 });
  return slots;
}

/** Whether the slot belongs to a concurrency key of the agent. */
export function isConcurrencySlot(agent: AgentSummary, slotKey: string): boolean {
  return slotKey.startsWith(`${agent.name}\n`);
}
