import { useState, useSyncExternalStore } from 'react';
import type { WireRunSummary } from '../../src/api/contract/run.ts';

/** Above this scroll position, in px, new rows appear automatically. */
const topPx = 120;

export interface HeldRuns {
  readonly shown: readonly WireRunSummary[];
  /** How many newer runs are waiting. */
  readonly newer: number;
  readonly showNewer: () => void;
}

/** The runs to show. After scrolling down, newer runs wait until the user asks for them, so the list stays still. */
export function useHeldRuns(runs: readonly WireRunSummary[]): HeldRuns {
  const isAway = useSyncExternalStore(watchScrolling, () => window.scrollY > topPx);
  const [anchor, setAnchor] = useState<string | null>(null);
  const first = runs[0]?.run_id ?? null;
  if (isAway && anchor === null && first !== null) setAnchor(first);
  if (!isAway && anchor !== null) setAnchor(null);
  const newer =
    anchor === null
      ? 0
      : Math.max(
          0,
          runs.findIndex(({ run_id }) => run_id === anchor),
        );
  return {
    shown: newer === 0 ? runs : runs.slice(newer),
    newer,
    showNewer: () => window.scrollTo({ top: 0 }),
  };
}

function watchScrolling(tell: () => void): () => void {
  window.addEventListener('scroll', tell, { passive: true });
  return () => window.removeEventListener('scroll', tell);
}
