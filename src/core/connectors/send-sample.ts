import { messageOf } from '../errors.ts';
import { uuidV7 } from '../identifiers.ts';
import { Payload } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import type { EndedRun } from '../runs/run.ts';
import type { Connector } from './connector.ts';
import { allSecrets, type ConnectorSecrets } from './connector-secrets.ts';
import type { AnyConnectorType, Sent } from './connector-type.ts';

/** A target's response to a sample result, and how long it took. */
export interface SentSample {
  readonly sent: Sent;
  readonly durationMs: number;
}

/**
 * Sends one sample result to an outbound connector's target, once, formatted and signed like a real one.
 *
 * @param type one that sends (`prepare` and `send`)
 * @param signal aborts when the caller has disconnected
 */
export async function sendSample(
  engine: Engine,
  type: AnyConnectorType,
  connector: Connector,
  secrets: ConnectorSecrets,
  signal: AbortSignal,
): Promise<SentSample> {
  const now = engine.clock();
  const run = sampleRun(connector, uuidV7(now, engine.entropy), now);
  const deliveryId = uuidV7(now, engine.entropy);
  const sent = await orRejected(() => {
    const message = type.prepare?.(run, {
      connector,
      deliveryId,
      secrets,
      now,
      originType: null,
      origin: null,
      chain: null,
    });
    const { allowPrivateTargets } = engine.settings;
    return type.send?.(message, { signal, allowPrivateTargets, secrets: allSecrets(secrets) });
  });
  return { sent, durationMs: engine.clock() - now };
}

/** A configuration that no message can be built with is an outcome, too. */
async function orRejected(attempt: () => Promise<Sent> | undefined): Promise<Sent> {
  const nothing = { outcome: 'rejected', statusCode: null, responseExcerpt: null } as const;
  try {
    return (await attempt()) ?? { ...nothing, error: 'This connector does not send results.' };
  } catch (thrown) {
    return { ...nothing, error: messageOf(thrown) };
  }
}

/** A run with ids of its own that says that it is a test. */
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
    scheduledAt: null,
    startedAt: now,
    endedAt: now,
    attempts: 1,
    tokenUsage: null,
    costUsd: null,
    model: null,
    payload: Payload.of({ message: 'A test from Agent Connectors.' }),
    modelInput: null,
    output: 'A test from Agent Connectors: this connector can reach you.',
    context: {},
    warnings: [],
    concurrencyKey: null,
    cancelRequested: false,
    chain: [],
    waitsFor: null,
    interruptions: [],
  };
}
