import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { agentNotFound, refuse, runNotFound } from '../refusal.ts';
import { type StartOutcome, startOne } from './start-run.ts';

/**
 * Starts a new run with another run's payload. It counts as the same connector's, so that its result goes where the
 * first one's would have gone, and it begins with the context that the first one left.
 *
 * @throws RetryableError when the store is away or over capacity; nothing was started then
 */
export async function runAgain(
  engine: Engine,
  actor: string,
  runId: string,
): Promise<StartOutcome<'run-not-found' | 'agent-not-found' | 'payload-unreadable'>> {
  const run = await engine.runs.get(runId);
  if (run === null) return runNotFound(runId);
  if (run.unreadable?.payload !== undefined) return refuse('payload-unreadable', run.unreadable.payload);
  const agent = engine.agents.get(run.agentName);
  if (agent === null) return agentNotFound(run.agentName);
  const connector = run.connectorId === null ? null : await engine.connectors.get(run.connectorId);
  const { payload, context, modelInput } = run;
  const draft = {
    payload,
    context,
    modelInput,
    warnings: [],
    repeat: null,
    natural: null,
    parentRunId: runId,
    ...(run.origin === undefined ? {} : { origin: run.origin }),
  };
  const againId = await startOne(engine, connector, agent, draft);
  await recordAction(engine, actor, 'run.started-again', againId, `Reruns run ${runId}.`);
  return { outcome: 'started', runId: againId };
}
