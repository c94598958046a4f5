import type { RefusedRequest } from '../triggers/refused-request.ts';
import type { Page, PageRequest } from './page.ts';

/** Keeps requests that started no run, for a day. Throws `RetryableError` when the store is unavailable. */
export interface RefusedRequestStore {
  add(request: RefusedRequest): Promise<void>;
  /** Those of the last day, newest first. */
  list(query: RefusedRequestQuery): Promise<Page<RefusedRequest>>;
}

export interface RefusedRequestQuery extends PageRequest {
  readonly connectorId?: string;
  /** Unix ms. */
  readonly now: number;
}

/** How long a refused request is kept. */
export const refusedKeptMs = 24 * 3_600_000;
