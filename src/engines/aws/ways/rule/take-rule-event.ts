import { wayOf } from '../../../../core/connectors/way-of.ts';
import { PermanentError } from '../../../../core/errors.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { takeEvents } from '../../../../core/triggers/take-events.ts';
import { isReading } from '../source-kind.ts';
import { readRuleMessage } from './rule-message.ts';

/**
 * Takes the event of a message that a rule has sent. Resolves once it is durable, as runs or as a dead letter. One whose
 * connector was deleted or switched off while the message was on its way starts nothing: a moment later its rule would not
 * have sent it.
 *
 * @param body of the message
 * @throws RetryableError when the store is away or over capacity; to be called again then
 * @throws Error where the message is not a rule's, or the event not of the connector's type
 */
export async function takeRuleEvent(engine: Engine, body: string): Promise<'taken' | 'stood-back'> {
  const message = readRuleMessage(body);
  if (message === null) throw new Error('the message is not of the form in which rules send events');
  const { connectorId, event } = message;
  const connector = await engine.connectors.get(connectorId);
  const way = connector === null ? undefined : wayOf(engine.types, connector, 'rule');
  if (connector === null || way === undefined || !isReading(connector)) {
    engine.log.info('event.not-taken', { connector_id: connectorId, reason: 'its connector is off or gone' });
    return 'stood-back';
  }
  await takeEvents(engine, connectorId, [way.event(event)]);
  return 'taken';
}

/**
 * Takes an event again that is kept as a dead letter.
 *
 * @throws PermanentError `not-retryable` where its connector is gone or takes nothing
 */
export async function takeRuleEventAgain(engine: Engine, body: string): Promise<void> {
  if ((await takeRuleEvent(engine, body)) === 'taken') return;
  throw new PermanentError(
    'not-retryable',
    'The connector was deleted, is disabled, or has no agents. Enable it or link an agent, then retry.',
  );
}
