import type { AnyConnectorType, Refused } from './connector-type.ts';
import { messageOf, PermanentError, RetryableError } from './errors.ts';
import { derivedUuidV7 } from './identifiers.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import type { DeadLetter } from './ports/dead-letter-store.ts';
import type { Engine } from './ports/engine.ts';
import { type ReceiveOutcome, receiveTrigger } from './receive-trigger.ts';

/** What dead letters of events that could not be handled name as their source. */
export const receivingStep = 'receive-event';

/** Refusals that say nothing of the event: the connector or the platform takes nothing at the moment. */
const passingReasons = new Set<Refused['reason']>([
  'unavailable',
  'rate-limited',
  'connector-disabled',
  'no-linked-agents',
  'unknown-connector',
]);

/**
 * Takes events that a type has fetched for a connector, in order. Resolves once each of them is durable: as the runs
 * of a trigger, or, where it cannot be handled, as a dead letter.
 *
 * @throws RetryableError when nothing can be taken now; what was taken already makes no second run when it comes again
 */
export async function takeEvents<Event>(
  engine: Engine,
  type: AnyConnectorType,
  connectorId: string,
  events: readonly Event[],
): Promise<void> {
  // Started in order and awaited together, so that an engine can store many in one write.
  const taken = events.map((event) => takeEvent(engine, type, connectorId, event));
  const failed = (await Promise.allSettled(taken)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function takeEvent<Event>(
  engine: Engine,
  type: AnyConnectorType,
  connectorId: string,
  event: Event,
): Promise<void> {
  const received = await receiveOrRefuse(engine, type, connectorId, event);
  if (received.outcome === 'accepted') return;
  if (passingReasons.has(received.reason)) {
    throw new RetryableError(received.detail, { retryAfterSeconds: received.retryAfterSeconds ?? 1 });
  }
  await engine.deadLetters.put(deadLetterOf(engine, type, connectorId, event, received.detail));
}

/** What even the type's own code trips over is refused like what it cannot read: the events after it go on. */
async function receiveOrRefuse<Event>(
  engine: Engine,
  type: AnyConnectorType,
  connectorId: string,
  event: Event,
): Promise<ReceiveOutcome> {
  try {
    return await receiveTrigger(engine, type, 'inbound', connectorId, event);
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    engine.log.error('event.not-handled', { connector_id: connectorId, reason: messageOf(thrown) });
    return {
      outcome: 'refused',
      reason: 'malformed',
      detail: `It could not be handled: ${messageOf(thrown)}`,
    };
  }
}

function deadLetterOf<Event>(
  engine: Engine,
  type: AnyConnectorType,
  connectorId: string,
  event: Event,
  reason: string,
): DeadLetter {
  const kept: JsonObject = type.keptEvent?.write(event) ?? {};
  const key = `${connectorId}\n${receivingStep}\n${JSON.stringify(kept)}`;
  // The same event that arrives again, because the source was not told in time, is the same letter.
  const deadLetterId = derivedUuidV7(0, key);
  const body: JsonObject = { type: type.name, event: kept };
  return { deadLetterId, at: engine.clock(), source: receivingStep, reason, connectorId, runId: null, body };
}

/**
 * Takes an event again that is kept as a dead letter.
 *
 * @throws PermanentError `not-retryable` where it is refused again, or its connector is gone
 * @throws RetryableError when nothing can be taken now
 */
export async function takeEventAgain(engine: Engine, letter: DeadLetter): Promise<void> {
  const { type: typeName, event } = letter.body;
  const type = typeof typeName === 'string' ? engine.types.get(typeName) : undefined;
  if (type?.keptEvent === undefined || letter.connectorId === null || !isJsonObject(event)) {
    throw new PermanentError('not-retryable', 'Nothing here can read the kept event.');
  }
  const kept: unknown = type.keptEvent.read(event);
  const received = await receiveOrRefuse(engine, type, letter.connectorId, kept);
  if (received.outcome === 'accepted') return;
  if (received.reason === 'unavailable') {
    throw new RetryableError(received.detail, { retryAfterSeconds: received.retryAfterSeconds ?? 1 });
  }
  throw new PermanentError('not-retryable', `It was refused again: ${received.detail}`);
}
