import { wayOf } from '../../../../core/connectors/connector-config.ts';
import { PermanentError } from '../../../../core/errors.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { takeEvents } from '../../../../core/triggers/take-events.ts';
import { isReading } from '../source-kind.ts';
import { readRuleMessage } from './rule-message.ts';

/**
 * Takes the event of a rule's message. Resolves once it is durable, as runs or as a dead letter. If its connector was
 * deleted or disabled while the message was in transit, the event starts no run.
 *
 * @param body of the message
 * @throws RetryableError when the store is unavailable or over capacity; the caller tries again later
 * @throws Error if the message is not from a rule, or the event does not fit the connector's type
 */
export async function takeRuleEvent(engine: Engine, body: string): Promise<'taken' | 'not-acquired'> {
  const message = readRuleMessage(body);
  if (message === null) throw new Error('the message is not of the form in which rules send events');
  const { connectorId, event } = message;
  const connector = await engine.connectors.get(connectorId);
  const way = connector === null ? undefined : wayOf(engine.types, connector, 'rule');
  if (connector === null || way === undefined || !isReading(connector)) {
    engine.log.info('event.not-taken', { connector_id: connectorId, reason: 'its connector is off or gone' });
    return 'not-acquired';
  }
  await takeEvents(engine, connectorId, [way.event(event)]);
  return 'taken';
}

/**
 * Takes an event from the dead letters again.
 *
 * @throws PermanentError `not-retryable` if its connector is gone or takes no events
 */
export async function takeRuleEventAgain(engine: Engine, body: string): Promise<void> {
  if ((await takeRuleEvent(engine, body)) === 'taken') return;
  throw new PermanentError(
    'not-retryable',
    'The connector was deleted, is disabled, or has no agents. Enable it or link an agent, then retry.',
  );
}
