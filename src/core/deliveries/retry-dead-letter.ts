import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { deadLetterNotFound, type Refusal } from '../refusal.ts';
import { receivingStep, takeEventAgain } from '../triggers/take-events.ts';

/**
 * Sends a dead letter to its step again. If the step fails again immediately, the letter stays.
 *
 * @throws PermanentError `not-retryable` if no step accepts it
 * @throws RetryableError when the store is unavailable
 */
export async function retryDeadLetter(
  engine: Engine,
  actor: string,
  deadLetterId: string,
): Promise<{ readonly outcome: 'retried' } | Refusal<'dead-letter-not-found'>> {
  const letter = await engine.deadLetters.get(deadLetterId);
  if (letter === null) return deadLetterNotFound(deadLetterId);
  if (letter.source === receivingStep) {
    await takeEventAgain(engine, letter);
    await engine.deadLetters.remove(deadLetterId);
  } else if (!(await engine.deadLetters.retry(deadLetterId))) {
    return deadLetterNotFound(deadLetterId);
  }
  await recordAction(engine, actor, 'dead-letter.retried', deadLetterId);
  return { outcome: 'retried' };
}
