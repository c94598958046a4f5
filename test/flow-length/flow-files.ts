/** The files of the product that a flow passes: those in which a function has run because of it. */
export interface FlowFiles {
  /** A request to a webhook, until a run's result has arrived at its receiver and is recorded. */
  readonly delivered: readonly string[];
  /** A click on *Create connector* in the dashboard, until the connector is stored. */
  readonly created: readonly string[];
}

/** The files of `functions` (`file#offset`), but for those that only what runs `anyway`, by a timer, has called. */
export function filesOf(functions: readonly string[], anyway: readonly string[]): string[] {
  const timers = new Set(anyway);
  const files = functions.filter((name) => !timers.has(name)).map((name) => name.replace(/#.*/, ''));
  return [...new Set(files)].sort();
}
