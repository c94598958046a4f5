import type { Engine } from '../ports/engine.ts';
import type { RunQuery } from '../ports/run-store.ts';
import type { RunSummary } from './run.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The runs that an id refers to: the run itself, or those of a trigger or a delivery.
 *
 * @returns `null` if the text is not an id, or refers to no run
 * @throws RetryableError when the store is unavailable
 */
export async function runsOfId(engine: Engine, text: string): Promise<readonly RunSummary[] | null> {
  if (!uuid.test(text)) return null;
  const id = text.toLowerCase();
  const [run, trigger, delivery] = await Promise.all([
    engine.runs.find(id),
    engine.runs.findTrigger(id),
    engine.deliveries.get(id),
  ]);
  if (run !== null) return [run];
  const runIds = trigger?.runIds ?? (delivery === null ? [] : [delivery.runId]);
  const found = await Promise.all(runIds.map((runId) => engine.runs.find(runId)));
  const runs = found.filter((one) => one !== null);
  return runs.length === 0 ? null : runs;
}

/** Whether a list with these filters has the run. */
export function isAmong(run: RunSummary, filters: Omit<RunQuery, 'limit' | 'cursor' | 'search'>): boolean {
  const { statuses, agentName, connectorId, model, minDurationMs, from, to } = filters;
  return (
    (statuses === undefined || statuses.includes(run.status)) &&
    (agentName === undefined || agentName === run.agentName) &&
    (connectorId === undefined || connectorId === run.connectorId) &&
    (model === undefined || model === run.model) &&
    (minDurationMs === undefined || durationOf(run) >= minDurationMs) &&
    run.queuedAt >= (from ?? 0) &&
    run.queuedAt < (to ?? Number.POSITIVE_INFINITY)
  );
}

/** From start to end, in ms; -1 if the run has not started or not ended. */
function durationOf({ startedAt, endedAt }: RunSummary): number {
  return startedAt === null || endedAt === null ? -1 : endedAt - startedAt;
}
