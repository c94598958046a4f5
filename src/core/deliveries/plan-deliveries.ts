import type { Connector } from '../connectors/connector.ts';
import { disabledPeriodAt } from '../connectors/disabled-periods.ts';
import { eventDeliveries } from '../events/event-deliveries.ts';
import { eventLink } from '../events/operational-event.ts';
import { derivedUuidV7 } from '../identifiers.ts';
import type { ConnectorStore } from '../ports/connector-store.ts';
import type { Engine } from '../ports/engine.ts';
import { hasEnded, type RunRecord } from '../runs/run.ts';
import { type Delivery, droppedReason } from './delivery.ts';
import { wantsRun } from './outbound-filter.ts';
import { wantingResult } from './wanting-result.ts';

/**
 * Creates the deliveries of an ended run: one per outbound connector that wants it. Planning again creates no second
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
  const candidates = linked.filter((connector) => wantsRun(connector, run));
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

function firstState(
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
