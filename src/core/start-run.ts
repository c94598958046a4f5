import { dispatchTrigger } from './dispatch-trigger.ts';
import { PermanentError, RetryableError } from './errors.ts';
import type { JsonValue } from './json-value.ts';
import type { Engine } from './ports/engine.ts';

/**
 * Starts one run of one agent by hand.
 *
 * @param parentRunId the run that this one repeats, where an operator runs it again
 * @returns the new run's id
 * @throws PermanentError `agent-not-found`
 * @throws RetryableError when the store is away or over capacity
 */
export async function startRun(
  engine: Engine,
  agentName: string,
  payload: JsonValue,
  parentRunId?: string,
): Promise<string> {
  const agent = engine.agents.get(agentName);
  if (agent === null) throw new PermanentError('agent-not-found', `There is no agent named "${agentName}".`);
  const started = await dispatchTrigger(engine, null, [agent], {
    payload,
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: null,
    ...(parentRunId === undefined ? {} : { parentRunId }),
  });
  const run = started.outcome === 'dispatched' ? started.runs[0] : undefined;
  if (run === undefined) throw new RetryableError('Too many runs are waiting; please try again.');
  return run.runId;
}
