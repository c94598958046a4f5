import type { Payload } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { agentNotFound, refuse, runNotFound } from '../refusal.ts';
import { type NotStarted, type StartOutcome, startOne } from './start-run.ts';

/**
 * Starts a new run with another run's payload, or with a changed one. The new run belongs to the same connector, so
 * that its result goes to the same receivers, and starts with the context that the first run left.
 *
 * @param changed replaces the payload and the model's input; `null` keeps both
 * @throws RetryableError when the store is unavailable or over capacity; nothing was started then
 */
export async function runAgain(
  engine: Engine,
  actor: string,
  runId: string,
  changed: Payload | null = null,
): Promise<StartOutcome<'run-not-found' | 'agent-not-found' | 'payload-unreadable' | NotStarted>> {
  const run = await engine.runs.get(runId);
  if (run === null) return runNotFound(runId);
  if (changed === null && run.unreadable?.payload !== undefined) {
    return refuse('payload-unreadable', run.unreadable.payload);
  }
  const agent = engine.agents.get(run.agentName);
  if (agent === null) return agentNotFound(run.agentName, engine.agents);
  const connector = run.connectorId === null ? null : await engine.connectors.get(run.connectorId);
  const { context } = run;
  const input =
    changed === null
      ? { payload: run.payload, modelInput: run.modelInput }
      : { payload: changed, modelInput: null };
  const draft = {
    ...input,
    context,
    warnings: [],
    repeat: null,
    natural: null,
    parentRunId: runId,
    chain: run.chain,
    ...(run.origin === undefined ? {} : { origin: run.origin }),
  };
  const started = await startOne(engine, connector, agent, draft);
  if (started.outcome === 'refused') return started;
  await recordAction(engine, actor, 'run.started-again', started.runId, detailOf(runId, changed));
  return started;
}

function detailOf(runId: string, changed: Payload | null): string {
  return `Reruns run ${runId}${changed === null ? '' : ' with a changed payload'}.`;
}
