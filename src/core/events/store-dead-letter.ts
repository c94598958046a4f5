import type { DeadLetter } from '../ports/dead-letter-store.ts';
import type { Engine } from '../ports/engine.ts';
import { notifySubscribers } from './notify-subscribers.ts';

/**
 * Stores a dead letter, and tells those who subscribe to it.
 * @throws RetryableError when the store is unavailable
 */
export async function storeDeadLetter(engine: Engine, letter: DeadLetter): Promise<void> {
  await engine.deadLetters.put(letter);
  await notifySubscribers(engine, {
    type: 'dead-letter.created',
    summary: `The step "${letter.source}" created a dead letter: ${letter.reason}`,
    about: { connector_id: letter.connectorId, run_id: letter.runId },
  });
}
