import type { Engine } from '../ports/engine.ts';
import { type Refusal, triggerNotFound } from '../refusal.ts';
import type { Run, RunSummary } from '../runs/run.ts';
import type { RefusedRequest } from './refused-request.ts';
import type { Trigger, TriggerRecord } from './trigger.ts';

export type ShowTriggerOutcome =
  | {
      readonly outcome: 'found';
      readonly trigger: TriggerRecord;
      /** What its runs got, or would have got; `null` if it is no longer stored. */
      readonly content: TriggerContent | null;
      readonly runs: readonly RunSummary[];
      readonly repeats: readonly RefusedRequest[];
    }
  /** A request that was refused is shown like a trigger. */
  | { readonly outcome: 'found-refused'; readonly request: RefusedRequest }
  | Refusal<'trigger-not-found'>;

type TriggerContent = Pick<Trigger, 'payload' | 'modelInput' | 'warnings'> & Pick<Run, 'unreadable'>;

/** How many of the connector's newest requests are searched for repeats. */
const lookedAt = 100;

/**
 * Returns a trigger with its runs and its repeats, or a refused request.
 * @throws RetryableError when the store is unavailable
 */
export async function showTrigger(engine: Engine, triggerId: string): Promise<ShowTriggerOutcome> {
  const trigger = await engine.runs.findTrigger(triggerId);
  if (trigger === null) {
    const request = await engine.refusedRequests.find(triggerId);
    return request === null ? triggerNotFound(triggerId) : { outcome: 'found-refused', request };
  }
  const [firstId] = trigger.runIds;
  const [content, repeats, ...runs] = await Promise.all([
    firstId === undefined ? engine.runs.getTrigger(triggerId) : engine.runs.get(firstId),
    repeatsOf(engine, trigger),
    ...trigger.runIds.map((runId) => engine.runs.find(runId)),
  ]);
  return { outcome: 'found', trigger, content, runs: runs.filter((run) => run !== null), repeats };
}

async function repeatsOf(
  engine: Engine,
  { connectorId, runIds }: TriggerRecord,
): Promise<readonly RefusedRequest[]> {
  if (connectorId === null || runIds.length === 0) return [];
  const query = { connectorId, now: engine.clock(), limit: lookedAt, cursor: null };
  const { items } = await engine.refusedRequests.list(query);
  return items.filter(({ runId }) => runId !== null && runIds.includes(runId));
}
