import * as z from 'zod';
import type { Connector } from '../connectors/connector.ts';
import { disabledPeriodAt } from '../connectors/disabled-periods.ts';
import { eventDeliveries } from '../events/event-deliveries.ts';
import { eventLink, operationalEventTypes } from '../events/operational-event.ts';
import { derivedUuidV7 } from '../identifiers.ts';
import type { ConnectorStore } from '../ports/connector-store.ts';
import type { Engine } from '../ports/engine.ts';
import { hasEnded, type RunRecord, type RunSummary } from '../runs/run.ts';
import { type Delivery, droppedReason } from './delivery.ts';

/**
 * Creates the deliveries of an ended run: one per outbound connector that wants it, none if its agent wants none. Planning again creates no second
 * one. If the connector was disabled when the run ended, its delivery is held, or follows the operator's decision about
 * that period.
 *
 * @param linkedTo the connectors that link to an agent; planners of many runs look each agent up only once
 * @returns the ids of the planned deliveries
 * @throws RetryableError when the store is unavailable; call it again then
 */
export async function planDeliveries(
  engine: Engine,
  runId: string,
  linkedTo: ConnectorStore['linkedTo'] = engine.connectors.linkedTo,
): Promise<readonly string[]> {
  const run = await engine.runs.find(runId);
  if (run === null || !hasEnded(run.status)) return [];
  const endedAt = run.endedAt ?? run.queuedAt;
  const now = engine.clock();
  const linked = await linkedTo(run.agentName);
  const candidates = run.publishes === false ? [] : linked.filter((connector) => wantsRun(connector, run));
  const deliveries = (await wantingResult(engine, candidates, run)).map(
    (connector): Delivery => ({
      deliveryId: derivedUuidV7(endedAt, `${run.runId}\n${connector.id}`),
      runId: run.runId,
      agentName: run.agentName,
      connectorId: connector.id,
      ...firstState(connector, endedAt, now),
      attempts: [],
      attemptsInSchedule: 0,
      createdAt: now,
    }),
  );
  await engine.deliveries.plan(runId, [...deliveries, ...(await failureEvents(run, linkedTo, now))]);
  return deliveries.map((delivery) => delivery.deliveryId);
}

/** The events for those who want to know of failed runs, whether or not they link to the agent. */
async function failureEvents(
  { status, runId, agentName, error, endedAt, queuedAt }: RunRecord,
  linkedTo: ConnectorStore['linkedTo'],
  now: number,
): Promise<readonly Delivery[]> {
  if (status !== 'failed') return [];
  const summary = `A run of the agent "${agentName}" failed: ${error?.message ?? 'The reason is not known.'}`;
  const about = { agent_name: agentName, run_id: runId };
  const draft = { type: 'run.failed', summary, about, at: endedAt ?? queuedAt } as const;
  return eventDeliveries(draft, await linkedTo(eventLink(draft.type)), now);
}

/** Whether a delivery waits for its first attempt, or is held because its connector was disabled at `endedAt`. */
export function firstState(
  connector: Connector,
  endedAt: number,
  now: number,
): Pick<Delivery, 'status' | 'reason' | 'nextAttemptAt'> {
  const disabled = disabledPeriodAt(connector, endedAt);
  if (disabled?.decision === 'keep') return { status: 'held', reason: disabled.reason, nextAttemptAt: null };
  if (disabled?.decision === 'drop') {
    return { status: 'cancelled', reason: droppedReason, nextAttemptAt: null };
  }
  return { status: 'pending', reason: null, nextAttemptAt: now };
}

/**
 * The connectors whose conditions want the result of a run. Reads its payload and its output only if there is a
 * condition.
 *
 * @throws RetryableError when the store is unavailable
 */
async function wantingResult(
  engine: Engine,
  connectors: readonly Connector[],
  record: RunRecord,
): Promise<readonly Connector[]> {
  if (connectors.every(({ conditions }) => conditions === undefined)) return connectors;
  const { judgeConditions } = await import('../filters/judge-conditions.ts');
  const { noteConditionErrors } = await import('../filters/note-condition-errors.ts');
  const { resultScope } = await import('../filters/result-scope.ts');
  const scope = resultScope(await engine.runs.load(record));
  const wanting: Connector[] = [];
  for (const connector of connectors) {
    if (connector.conditions === undefined) {
      wanting.push(connector);
      continue;
    }
    const verdicts = judgeConditions(connector.conditions, [record.agentName], scope);
    await noteConditionErrors(engine, connector, verdicts);
    if (verdicts.some(({ wanted }) => wanted)) wanting.push(connector);
  }
  return wanting;
}

/** Configuration fields of every outbound connector: which of its agents' runs it delivers. */
export const outboundFilterFields = {
  statuses: z
    .array(z.enum(['completed', 'failed']))
    .min(1)
    .default(['completed'])
    .meta({
      title: 'Deliver runs that',
      description:
        'Which runs to deliver, by their outcome. Without effect if the connector delivers what agents send.',
      ofResults: true,
    }),
  from_connectors: z.array(z.string()).default([]).meta({
    title: 'Only from connectors',
    reference: 'connector',
    description: 'Ids of inbound or sync connectors. Empty: runs from any connector.',
  }),
  events: z.array(z.enum(operationalEventTypes)).default([]).meta({
    title: 'Operational events',
    description:
      'Also report problems of the system: failed runs and deliveries, failing or disabled connectors, used-up budgets, dead letters, missed ticks. At most one per minute, kind, and subject.',
    advanced: true,
  }),
};

const outboundFilter = z.object(outboundFilterFields);

/** Whether an outbound connector delivers the result of this ended run of one of its agents. Ignores whether it is enabled. */
export function wantsRun(connector: Connector, run: RunSummary): boolean {
  if (connector.mode !== 'outbound' || connector.byChoice !== undefined) return false;
  const filter = outboundFilter.safeParse(connector.config);
  if (!filter.success) return false;
  return comesFromChosen(connector, run) && filter.data.statuses.some((status) => status === run.status);
}

/** Whether a run was started by a connector to whose runs an outbound connector is limited. */
export function comesFromChosen({ config }: Connector, { connectorId }: RunSummary): boolean {
  const from = outboundFilter.safeParse(config).data?.from_connectors ?? [];
  return from.length === 0 || from.includes(connectorId ?? '');
}
