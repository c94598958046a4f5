import type { QueryClient } from '@tanstack/react-query';

const waiting = new Set<string>();

/** Refetches shown answers below `queryKey` after `restMs`, once for all changes until then. */
export function refreshSoon(queries: QueryClient, queryKey: readonly unknown[], restMs: number): void {
  const name = JSON.stringify(queryKey);
  if (waiting.has(name)) return;
  waiting.add(name);
  setTimeout(() => {
    waiting.delete(name);
    void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
  }, restMs);
}
