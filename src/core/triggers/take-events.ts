import type { Connector } from '../connectors/connector.ts';
import type { Refused } from '../connectors/received.ts';
import { messageOf, PermanentError, RetryableError } from '../errors.ts';
import { storeDeadLetter } from '../events/store-dead-letter.ts';
import { derivedUuidV7 } from '../identifiers.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { DeadLetter } from '../ports/dead-letter-store.ts';
import type { Engine } from '../ports/engine.ts';
import type { CursorMove } from '../ports/run-store.ts';
import { type ReceiveOutcome, receiveTriggers, unknownConnector } from './receive-trigger.ts';

/** The source named by dead letters of events that could not be handled. */
export const receivingStep = 'receive-event';

/** Refusals that do not depend on the event: the connector or the platform accepts nothing at the moment. */
const passingReasons = new Set<Refused['reason']>([
  'unavailable',
  'rate-limited',
  'budget-reached',
  'connector-disabled',
  'no-linked-agents',
  'unknown-connector',
]);

/**
 * Takes events that a type has fetched for a connector, in order. Resolves once each of them is durable: as the runs of
 * a trigger, or, if it cannot be handled, as a dead letter.
 *
 * @param move of the connector's cursor, if it was polled: written with the last of the runs, or afterwards if not
 *   every event starts runs
 * @throws RetryableError when nothing can be taken now; events taken before that start no second run when they come
 *   again
 */
export async function takeEvents<Event>(
  engine: Engine,
  connectorId: string,
  events: readonly Event[],
  move?: CursorMove,
): Promise<void> {
  if (events.length === 0) return moveAlone(engine, move);
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) throw tryAgain(unknownConnector);
  const { outcomes, moved } = await receiveOrRefuse(engine, connector, events, move);
  const letters: DeadLetter[] = [];
  let notNow: Refused | null = null;
  for (const [index, event] of events.entries()) {
    const outcome = outcomes[index];
    if (outcome?.outcome !== 'refused') continue;
    if (passingReasons.has(outcome.reason)) notNow ??= outcome;
    else letters.push(deadLetterOf(engine, connector, event, outcome.detail));
  }
  await Promise.all(letters.map((letter) => storeDeadLetter(engine, letter)));
  if (notNow !== null) throw tryAgain(notNow);
  if (!moved) await moveAlone(engine, move);
}

async function moveAlone(engine: Engine, move: CursorMove | undefined): Promise<void> {
  if (move === undefined || JSON.stringify(move.from) === JSON.stringify(move.to)) return;
  await engine.runs.moveCursor(move);
}

/** Sources try again at least this often: what refuses events, such as a budget, may be changed at any time. */
const longestWaitSeconds = 60;

function tryAgain({ detail, retryAfterSeconds = 1 }: Refused): RetryableError {
  return new RetryableError(detail, { retryAfterSeconds: Math.min(retryAfterSeconds, longestWaitSeconds) });
}

/** If the type's own code fails on an event, refuses it like an unreadable one; the other events continue. */
async function receiveOrRefuse<Event>(
  engine: Engine,
  connector: Connector,
  events: readonly Event[],
  move?: CursorMove,
): Promise<{ readonly outcomes: readonly ReceiveOutcome[]; readonly moved: boolean }> {
  try {
    return await receiveTriggers(engine, connector, events, move);
  } catch (thrown) {
    const reason = messageOf(thrown);
    const connectorId = connector.id;
    if (thrown instanceof RetryableError) {
      engine.log.warn('trigger.unavailable', { connector_id: connectorId, reason });
      throw thrown;
    }
    if (events.length > 1) {
      // Halving the events finds the one that fails.
      const middle = events.length >> 1;
      const halves = [events.slice(0, middle), events.slice(middle)];
      const outcomes: ReceiveOutcome[] = [];
      for (const half of halves) outcomes.push(...(await receiveOrRefuse(engine, connector, half)).outcomes);
      return { outcomes, moved: false };
    }
    engine.log.error('event.not-handled', { connector_id: connectorId, reason });
    const detail = `The event failed: ${reason}`;
    return { outcomes: [{ outcome: 'refused', reason: 'malformed', detail }], moved: false };
  }
}

function deadLetterOf<Event>(
  engine: Engine,
  { id: connectorId, type }: Connector,
  event: Event,
  reason: string,
): DeadLetter {
  const kept: JsonObject = engine.types.get(type)?.deadLetterCodec?.write(event) ?? {};
  const key = `${connectorId}\n${receivingStep}\n${JSON.stringify(kept)}`;
  // An event that arrives again, because the source was not told in time, gets the same letter.
  const deadLetterId = derivedUuidV7(0, key);
  const body: JsonObject = { type, event: kept };
  return { deadLetterId, at: engine.clock(), source: receivingStep, reason, connectorId, runId: null, body };
}

/**
 * Takes the event of a dead letter again.
 *
 * @throws PermanentError `not-retryable` if it cannot be read, is refused again, or its connector was deleted
 * @throws RetryableError when nothing can be taken now
 */
export async function takeEventAgain(engine: Engine, letter: DeadLetter): Promise<void> {
  const { type: typeName, event } = letter.body;
  const type = typeof typeName === 'string' ? engine.types.get(typeName) : undefined;
  if (type?.deadLetterCodec === undefined || letter.connectorId === null || !isJsonObject(event)) {
    throw new PermanentError('not-retryable', 'This system cannot read the stored event.');
  }
  const kept: unknown = type.deadLetterCodec.read(event);
  const connector = await engine.connectors.get(letter.connectorId);
  if (connector === null) throw refusedAgain(unknownConnector);
  const { outcomes } = await receiveOrRefuse(engine, connector, [kept]);
  const [received] = outcomes;
  if (received?.outcome !== 'refused') return;
  if (received.reason === 'unavailable') throw tryAgain(received);
  throw refusedAgain(received);
}

function refusedAgain({ detail }: Refused): PermanentError {
  return new PermanentError('not-retryable', `The event was refused again: ${detail}`);
}
