import { wayOf } from '../../../../core/connectors/connector-config.ts';
import type { MappedEvents } from '../../../../core/connectors/ways.ts';
import { messageOf } from '../../../../core/errors.ts';
import type { JsonValue } from '../../../../core/json/json-value.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { takeEvents } from '../../../../core/triggers/take-events.ts';

/** The answer for a batch, naming the parts to retry. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: JsonValue }[];
}

/**
 * Takes the batch of an event source mapping, its groups concurrently. Events that can never be handled become dead
 * letters. A group with an event that cannot be taken now is retried; its events that were already taken start no
 * second run.
 *
 * @param invokedFunctionArn with the connector's alias (see `connectorOfInvocation`)
 * @throws ZodError if the invocation does not fit the connector's type
 */
export async function takeInvocation(
  engine: Engine,
  invokedFunctionArn: string,
  invocation: unknown,
): Promise<BatchResponse> {
  const connectorId = connectorOfInvocation(invokedFunctionArn);
  const connector = await engine.connectors.get(connectorId);
  const way = connector === null ? undefined : wayOf(engine.types, connector, 'mapping');
  // A mapping outlives its connector by some minutes; its messages wait for the next reader.
  if (way === undefined)
    throw new Error(`no connector ${connectorId} reads what the event source hands over`);
  const groups = way.events(invocation).map((group) => takeGroup(engine, connectorId, group));
  const failed = (await Promise.all(groups)).flat();
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** @returns the identifiers of events that were not taken */
async function takeGroup(
  engine: Engine,
  connectorId: string,
  { events, itemIdentifiers, place }: MappedEvents<unknown>,
): Promise<readonly JsonValue[]> {
  try {
    await takeEvents(engine, connectorId, events);
    return [];
  } catch (thrown) {
    const about = { ...place, connector_id: connectorId, reason: messageOf(thrown) };
    engine.log.warn('partition.not-taken', about);
    return itemIdentifiers;
  }
}

/**
 * The connector of an invocation. An event does not name its event source, so each connector's source calls the
 * function by its own alias, which is the connector's id.
 *
 * @throws Error if the function was called without one
 */
export function connectorOfInvocation(invokedFunctionArn: string): string {
  const alias = invokedFunctionArn.split(':')[7];
  if (alias === undefined) throw new Error('the function was called by no alias: no connector is meant');
  return alias;
}
