import type { RefusedRequest } from '../triggers/refused-request.ts';
import type { Page, PageRequest, Placed } from './page.ts';

/** Keeps requests that started no run, for a day. Throws `RetryableError` when the store is unavailable. */
export interface RefusedRequestStore {
  add(request: RefusedRequest): Promise<void>;
  /** Those of the last day, newest first. */
  list(query: RefusedRequestQuery): Promise<Page<RefusedRequest>>;
  /** The same without repeats. A page may be short. */
  search(query: RefusedRequestSearch): Promise<Page<Placed<RefusedRequest>>>;
  find(requestId: string): Promise<RefusedRequest | null>;
}

export interface RefusedRequestQuery extends PageRequest {
  readonly connectorId?: string;
  /** Unix ms. */
  readonly now: number;
}

export interface RefusedRequestSearch extends RefusedRequestQuery {
  /** Bounds of `at`, Unix ms: `from` is inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Text in the detail, the query, or the headers. */
  readonly search?: string;
}

/** How long a refused request is kept. */
export const refusedKeptMs = 24 * 3_600_000;
