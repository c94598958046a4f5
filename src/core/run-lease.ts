import { uuidV7 } from './identifiers.ts';
import type { AgentSummary } from './ports/agent-catalog.ts';
import type { Engine } from './ports/engine.ts';
import type { Lease, Slot } from './ports/run-store.ts';

/** Time beyond an agent's own timeout for what comes before and after it: loading, aborting, storing the end. */
const leaseMarginSeconds = 60;

/** A lease for one attempt that outlives the longest of the agents' timeouts. It takes no slots. */
export function executorLease(engine: Engine, agents: readonly AgentSummary[], now: number): Lease {
  const longestSeconds = Math.max(0, ...agents.map((agent) => agent.timeoutSeconds));
  return {
    owner: uuidV7(now, engine.entropy),
    now,
    until: now + (longestSeconds + leaseMarginSeconds) * 1_000,
    slots: [],
  };
}

/** The places that one run of the agent takes up while it runs. */
export function slotsOf(agent: AgentSummary, concurrencyKey: string | null): readonly Slot[] {
  const slots: Slot[] = [];
  if (agent.maxConcurrentRuns !== null) slots.push({ key: agent.name, limit: agent.maxConcurrentRuns });
  if (concurrencyKey !== null) slots.push({ key: `${agent.name}\n${concurrencyKey}`, limit: 1 });
  return slots;
}
