import type { Connector } from '../connectors/connector.ts';
import { noConditions } from '../filters/connector-conditions.ts';
import { eventScope } from '../filters/event-scope.ts';
import { judgeConditions, type Verdict } from '../filters/judge-conditions.ts';
import { noteConditionErrors } from '../filters/note-condition-errors.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { ChosenDraft, TriggerDraft } from './dispatch-trigger.ts';

/**
 * Chooses the agents that want an event, by the conditions of the connector and of its links.
 *
 * @param agents those that the event is for, in link order
 */
export async function chooseByConditions(
  engine: Engine,
  connector: Connector,
  draft: TriggerDraft,
  agents: readonly AgentSummary[],
): Promise<ChosenDraft> {
  const names = agents.map(({ name }) => name);
  const verdicts = judgeConditions(connector.conditions ?? noConditions, names, eventScope(connector, draft));
  await noteConditionErrors(engine, connector, verdicts);
  const wanting = agents.filter((_, index) => verdicts[index]?.wanted);
  if (wanting.length > 0) return { draft, agents: wanting };
  return { draft: { ...draft, filtered: { reason: reasonOf(verdicts), agents: names } }, agents: [] };
}

/** A trigger has at most this many reasons, so that many links do not make it large. */
const mostReasons = 5;

/** The reasons of all agents, each once. */
function reasonOf(verdicts: readonly Verdict[]): string {
  const reasons = [...new Set(verdicts.flatMap(({ reason }) => reason ?? []))];
  const shown = reasons.slice(0, mostReasons).map((reason) => (reason.endsWith('.') ? reason : `${reason}.`));
  const more = reasons.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more links do not want it.`] : [])].join(' ');
}
