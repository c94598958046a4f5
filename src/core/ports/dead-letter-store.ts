import { PermanentError } from '../errors.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Page, PageRequest } from './page.ts';

/** An event that failed after all retries. Kept and shown until an operator retries it. */
export interface DeadLetter {
  readonly deadLetterId: string;
  readonly at: number;
  /** Which step gave up: `plan-deliveries`, `kafka`, ... */
  readonly source: string;
  /** One sentence. */
  readonly reason: string;
  readonly connectorId: string | null;
  readonly runId: string | null;
  /** What a retry needs, and details that help to find the cause. */
  readonly body: JsonObject;
}

export interface DeadLetterStore {
  put(letter: DeadLetter): Promise<void>;
  get(deadLetterId: string): Promise<DeadLetter | null>;
  list(request: PageRequest): Promise<Page<DeadLetter>>;
  /** Returns the letter to the step that gave up, and removes it. `false` if it does not exist. */
  retry(deadLetterId: string): Promise<boolean>;
  /** Removes a letter that was retried. `false` if it does not exist. */
  remove(deadLetterId: string): Promise<boolean>;
}

/** For a dead letter that no step takes again. @param source of the letter */
export function cannotBeRetried(source: string): PermanentError {
  return new PermanentError('not-retryable', `Dead letters of "${source}" cannot be retried.`);
}
