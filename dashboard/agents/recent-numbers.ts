interface Counts {
  /** By status. */
  readonly runs: Readonly<Record<string, number>>;
}

/** The number of runs in a period, whatever their status. */
export function runCount({ runs }: Counts): number {
  return Object.values(runs).reduce((sum, count) => sum + count, 0);
}

/** The share of ended runs that completed, ignoring cancelled ones. `null` if none ended. */
export function successRate({ runs }: Counts): number | null {
  const completed = runs['completed'] ?? 0;
  const ended = completed + (runs['failed'] ?? 0);
  return ended === 0 ? null : completed / ended;
}
