import type { QueryClient } from '@tanstack/react-query';

/** How long the same answer is not asked for again while changes go on coming. */
const restMs = 1_000;

const waiting = new Set<string>();

/** Has the shown answers below `queryKey` read anew, at most once a second. */
export function refreshSoon(queries: QueryClient, queryKey: readonly unknown[]): void {
  const name = JSON.stringify(queryKey);
  if (waiting.has(name)) return;
  waiting.add(name);
  setTimeout(() => {
    waiting.delete(name);
    void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
  }, restMs);
}
