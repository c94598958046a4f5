import { derivedUuidV7 } from '../identifiers.ts';
import type { Engine } from '../ports/engine.ts';
import type { NaturalKey } from '../triggers/natural-key.ts';

/**
 * Writes into a connector's history what happened to it.
 *
 * @param event noun.verb, in the past or the present: `tick.missed`, `source.failing`
 * @param natural what makes it the same event: it is noted once, however often it is told
 * @param detail one sentence, never a secret
 * @throws RetryableError when the store is away
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
}
