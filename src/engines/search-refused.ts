import type { RefusedRequestSearch } from '../core/ports/refused-request-store.ts';
import type { RefusedRequest } from '../core/triggers/refused-request.ts';
import { textFinder } from './search-text.ts';

/** Whether `RefusedRequestStore.search` returns the request. */
export function matchesRefused(
  { at, reason, detail, arrival }: RefusedRequest,
  { from = 0, to = Number.POSITIVE_INFINITY, search }: Pick<RefusedRequestSearch, 'from' | 'to' | 'search'>,
): boolean {
  if (reason === 'repeated' || at < from || at >= to) return false;
  if (search === undefined) return true;
  const contains = textFinder(search);
  return [reason, detail, arrival.query, JSON.stringify(arrival.headers)].some((text) => contains(text));
}
