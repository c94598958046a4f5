import type { Connector } from '../connectors/connector.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse, runNotFound } from '../refusal.ts';

export type CancelOutcome =
  /** `cancelling`: the run ends at its next await. */
  { readonly outcome: 'cancelled' | 'cancelling' } | Refusal<'run-not-found' | 'run-ended'>;

/**
 * Cancels a run: a queued one never starts, a running one is aborted.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function cancelRun(engine: Engine, actor: string, runId: string): Promise<CancelOutcome> {
  const requested = await engine.runs.requestCancel(runId, engine.clock());
  if (requested === 'missing') return runNotFound(runId);
  if (requested === 'ended') return refuse('run-ended', 'The run has already ended.');
  await recordAction(engine, actor, 'run.cancelled', runId);
  return { outcome: requested === 'cancelled' ? 'cancelled' : 'cancelling' };
}

/** The actor in the audit log when a caller of the connector cancels runs. */
export function callerOf({ name }: Connector): string {
  return `caller of ${name}`;
}
