import type { Connector } from './connector.ts';
import type { Sent } from './connector-type.ts';
import { messageOf } from './errors.ts';
import { uuidV7 } from './identifiers.ts';
import type { Engine } from './ports/engine.ts';
import { recordAction } from './record-action.ts';
import { connectorNotFound, type Refusal, refuse } from './refusal.ts';
import type { EndedRun } from './run.ts';

export type TestOutcome =
  | {
      readonly outcome: 'tested';
      readonly sent: Sent;
      /** How long the receiver took. */
      readonly durationMs: number;
    }
  | Refusal<'connector-not-found' | 'not-outbound'>;

/**
 * Sends one made-up result to an outbound connector's target, shaped and signed like a real one, so that an operator
 * sees whether the target takes it. Nothing of it is stored but the audit log's entry, and it is not tried again.
 *
 * @param signal aborts when whoever asked has gone
 * @throws RetryableError when the store is away
 */
export async function testConnector(
  engine: Engine,
  actor: string,
  connectorId: string,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  const type = engine.types.get(connector.type);
  if (connector.mode !== 'outbound' || type?.prepare === undefined || type.send === undefined) {
    return refuse(
      'not-outbound',
      `The connector "${connectorId}" sends nothing, so there is no target to test.`,
    );
  }
  const startedAt = engine.clock();
  const run = sampleRun(connector, uuidV7(startedAt, engine.entropy), startedAt);
  const secrets = await engine.secrets.get(connectorId);
  const sent = await send(() => {
    const context = { connector, deliveryId: uuidV7(startedAt, engine.entropy), secrets, now: startedAt };
    const message = type.prepare?.(run, { ...context, originType: null });
    return type.send?.(message, { signal, allowPrivateTargets: engine.settings.allowPrivateTargets });
  });
  await recordAction(engine, actor, 'connector.tested', connectorId, `Outcome: ${sent.outcome}.`);
  return { outcome: 'tested', sent, durationMs: engine.clock() - startedAt };
}

/** A configuration that nothing can be shaped with is an outcome, too. */
async function send(attempt: () => Promise<Sent> | undefined): Promise<Sent> {
  const nothing = { outcome: 'rejected', statusCode: null, responseExcerpt: null } as const;
  try {
    return (await attempt()) ?? { ...nothing, error: 'This connector sends nothing.' };
  } catch (thrown) {
    return { ...nothing, error: messageOf(thrown) };
  }
}

/** A run that says what it is, with ids of its own. */
function sampleRun(connector: Connector, runId: string, now: number): EndedRun {
  return {
    runId,
    agentName: connector.agents[0] ?? 'test',
    connectorId: null,
    triggerId: runId,
    parentRunId: null,
    status: 'completed',
    error: null,
    queuedAt: now,
    startedAt: now,
    endedAt: now,
    attempts: 1,
    tokenUsage: null,
    costUsd: null,
    model: null,
    payload: { message: 'A test from Agent Connectors.' },
    modelInput: null,
    output: 'A test from Agent Connectors: this connector reaches you.',
    context: {},
    warnings: [],
    concurrencyKey: null,
    cancelRequested: false,
  };
}
