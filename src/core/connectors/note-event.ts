import { notifySubscribers } from '../events/notify-subscribers.ts';
import { derivedUuidV7 } from '../identifiers.ts';
import type { Engine } from '../ports/engine.ts';
import type { NaturalKey } from '../triggers/natural-key.ts';

/**
 * Records an event in a connector's history.
 *
 * @param event noun.verb, in the past or the present: `tick.missed`, `source.failing`
 * @param natural identifies the event: it is recorded once, even if it is reported repeatedly
 * @param detail one sentence, never a secret
 * @throws RetryableError when the store is unavailable
 */
export async function noteEvent(
  engine: Engine,
  connectorId: string,
  event: string,
  natural: NaturalKey,
  detail: string,
): Promise<void> {
  const eventId = derivedUuidV7(natural.timeMs, `${connectorId}\n${event}\n${natural.key}`);
  await engine.history.append({ eventId, connectorId, at: engine.clock(), event, detail });
  engine.log.info(event, { connector_id: connectorId, detail });
  if (event !== 'source.failing' && event !== 'tick.missed') return;
  await notifySubscribers(engine, {
    type: event,
    summary: async () => {
      const name = (await engine.connectors.get(connectorId))?.name ?? connectorId;
      return `"${name}": ${detail}`;
    },
    about: { connector_id: connectorId },
  });
}
