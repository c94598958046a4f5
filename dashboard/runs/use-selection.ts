import { useCallback, useMemo, useState } from 'react';
import type { WireRunSummary } from '../../src/api/contract/run.ts';

export interface Selection {
  readonly selected: readonly WireRunSummary[];
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  /** Selects all loaded runs, or none if all are selected. */
  readonly toggleAll: () => void;
  readonly isAll: boolean;
  readonly clear: () => void;
}

/** The loaded runs that are selected for an action. */
export function useSelection(runs: readonly WireRunSummary[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const selected = useMemo(
    () => (ids.size === 0 ? [] : runs.filter(({ run_id }) => ids.has(run_id))),
    [runs, ids],
  );
  const isAll = runs.length > 0 && selected.length === runs.length;
  // A stable function, so that rows rerender only when their data changes.
  const toggle = useCallback((id: string) => setIds((before) => toggled(before, id)), []);
  return {
    selected,
    isAll,
    has: (id) => ids.has(id),
    toggle,
    toggleAll: () => setIds(new Set(isAll ? [] : runs.map(({ run_id }) => run_id))),
    clear: () => setIds(new Set()),
  };
}

function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(id)) after.add(id);
  return after;
}
