import type { Engine } from '../ports/engine.ts';
import { type Refusal, triggerNotFound } from '../refusal.ts';
import type { Run, RunSummary } from '../runs/run.ts';
import type { RefusedRequest } from './refused-request.ts';
import type { TriggerRecord } from './trigger.ts';

export type ShowTriggerOutcome =
  | {
      readonly outcome: 'found';
      readonly trigger: TriggerRecord;
      /** The first run in full; `null` if it is no longer stored. */
      readonly first: Run | null;
      readonly runs: readonly RunSummary[];
      readonly repeats: readonly RefusedRequest[];
    }
  | Refusal<'trigger-not-found'>;

/** How many of the connector's newest requests are searched for repeats. */
const lookedAt = 100;

/**
 * Returns a trigger with its runs and its repeats.
 * @throws RetryableError when the store is unavailable
 */
export async function showTrigger(engine: Engine, triggerId: string): Promise<ShowTriggerOutcome> {
  const trigger = await engine.runs.findTrigger(triggerId);
  if (trigger === null) return triggerNotFound(triggerId);
  const [firstId = ''] = trigger.runIds;
  const [first, repeats, ...runs] = await Promise.all([
    engine.runs.get(firstId),
    repeatsOf(engine, trigger),
    ...trigger.runIds.map((runId) => engine.runs.find(runId)),
  ]);
  return { outcome: 'found', trigger, first, runs: runs.filter((run) => run !== null), repeats };
}

async function repeatsOf(
  engine: Engine,
  { connectorId, runIds }: TriggerRecord,
): Promise<readonly RefusedRequest[]> {
  if (connectorId === null) return [];
  const query = { connectorId, now: engine.clock(), limit: lookedAt, cursor: null };
  const { items } = await engine.refusedRequests.list(query);
  return items.filter(({ runId }) => runId !== null && runIds.includes(runId));
}
