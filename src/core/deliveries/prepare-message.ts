import type { AnyConnectorType } from '../connectors/connector-type.ts';
import { messageOf } from '../errors.ts';
import { resultOfEvent } from '../events/event-deliveries.ts';
import type { Engine, OpenConnector } from '../ports/engine.ts';
import { type EndedRun, hasEnded, type RunStatus } from '../runs/run.ts';
import { signedChainOf } from '../runs/run-chain.ts';
import type { Delivery } from './delivery.ts';

export type Prepared =
  | { readonly outcome: 'prepared'; readonly type: AnyConnectorType; readonly message: unknown }
  /** `error` is one sentence. */
  | { readonly outcome: 'not-preparable'; readonly error: string };

/**
 * Builds the message of a delivery from the ended run and the connector's current configuration.
 *
 * @param now Unix ms of the attempt
 * @throws RetryableError when the store is unavailable
 */
export async function prepareMessage(
  engine: Engine,
  { runId, deliveryId, event }: Delivery,
  { connector, secrets }: OpenConnector,
  now: number,
): Promise<Prepared> {
  const type = engine.types.get(connector.type);
  if (type?.prepare === undefined || type.send === undefined) {
    return notPreparable(`Connectors of type "${connector.type}" cannot deliver results.`);
  }
  const run = event === undefined ? await engine.runs.get(runId) : resultOfEvent(event);
  if (run === null || !isEnded(run)) return notPreparable('The run is no longer stored.');
  if (run.unreadable?.output !== undefined) return notPreparable(run.unreadable.output);
  const originType = type.asksForOriginType === true ? await originTypeOf(engine, run) : null;
  const origin = run.origin ?? null;
  const chain = type.carriesChain === true ? await chainOf(engine, run) : null;
  try {
    const message = type.prepare(run, { connector, deliveryId, secrets, now, originType, origin, chain });
    return { outcome: 'prepared', type, message };
  } catch (thrown) {
    engine.log.error('delivery.not-sendable', { delivery_id: deliveryId, reason: messageOf(thrown) });
    return notPreparable("The message could not be prepared. Check the connector's configuration.");
  }
}

/** An event about a run carries that run's chain, so that a loop through events ends as well. */
async function chainOf(engine: Engine, run: EndedRun): Promise<string | null> {
  if (run.event === undefined) return signedChainOf(engine.chains, run);
  const about = run.event.run_id === null ? null : await engine.runs.get(run.event.run_id);
  return about === null ? null : signedChainOf(engine.chains, about);
}

function notPreparable(error: string): Prepared {
  return { outcome: 'not-preparable', error };
}

async function originTypeOf(engine: Engine, { connectorId }: EndedRun): Promise<string | null> {
  const origin = connectorId === null ? null : await engine.connectors.get(connectorId);
  return origin?.type ?? null;
}

function isEnded(run: { readonly status: RunStatus }): run is EndedRun {
  return hasEnded(run.status);
}
