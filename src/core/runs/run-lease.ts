import { uuidV7 } from '../identifiers.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { Lease, Slot } from '../ports/run-store.ts';
import type { InterruptionRole, Isolation } from './interruption.ts';

/** Time beyond an agent's own timeout for what comes before and after it: loading, aborting, storing the end. */
const leaseMarginSeconds = 60;

/**
 * A lease for one attempt of a run of each of the agents, together in one executor, that outlives the longest of their timeouts.
 * It takes no slots.
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

/** What a run had to do with it when the process that executes it vanishes, as far as can be told before. */
function roleIfLost({ executor }: Engine, runs: number, isolation: Isolation): InterruptionRole {
  if (executor.isShared) return isolation === 'process' ? 'bystander' : 'suspect';
  return runs > 1 ? 'suspect' : 'culprit';
}

/** The places that runs apart from others take up in an engine that executes many beside one another. */
export function isolationSlots({ executor, settings }: Engine, isolation: Isolation): readonly Slot[] {
  if (!executor.isShared || isolation === 'shared') return [];
  return [{ key: isolationKey, limit: settings.maxIsolatedRuns }];
}

/** No agent's name has a line break. */
const isolationKey = '\nisolated';

/** The places that one run of the agent takes up while it runs. */
export function slotsOf(agent: AgentSummary, concurrencyKey: string | null): readonly Slot[] {
  const slots: Slot[] = [];
  if (agent.maxConcurrentRuns !== null) slots.push({ key: agent.name, limit: agent.maxConcurrentRuns });
  if (concurrencyKey !== null) slots.push({ key: `${agent.name}\n${concurrencyKey}`, limit: 1 });
  return slots;
}

/** Whether the slot is that of a concurrency key of the agent. */
export function isConcurrencySlot(agent: AgentSummary, slotKey: string): boolean {
  return slotKey.startsWith(`${agent.name}\n`);
}
