import type { Connector } from '../connectors/connector.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { ChosenDraft, TriggerDraft } from './dispatch-trigger.ts';

/** Kept: even a repeated import takes some microseconds of each event. */
let judging: Promise<typeof import('./choose-by-conditions.ts')> | null = null;

/**
 * Chooses the agents that want an event, before anything is stored. The code that judges conditions is loaded only if
 * the connector has any: most have none, and the start of a function reads all of its code.
 *
 * @param agents those that the event is for, in link order
 */
export function chooseAgents(
  engine: Engine,
  connector: Connector,
  draft: TriggerDraft,
  agents: readonly AgentSummary[],
): ChosenDraft | Promise<ChosenDraft> {
  if (connector.conditions === undefined || agents.length === 0) return { draft, agents };
  return judge(engine, connector, draft, agents);
}

async function judge(
  engine: Engine,
  connector: Connector,
  draft: TriggerDraft,
  agents: readonly AgentSummary[],
): Promise<ChosenDraft> {
  judging ??= import('./choose-by-conditions.ts');
  const { chooseByConditions } = await judging;
  return chooseByConditions(engine, connector, draft, agents);
}
