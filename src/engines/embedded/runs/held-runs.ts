/**
 * The runs that sync callers wait for: started at once, so that no queue holds them back, and therefore counted. Each is
 * counted before anything of it is stored.
 */
export class HeldRuns {
  readonly #most: number;
  readonly #runIds = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes places for all of the runs, or for none. */
  take(runIds: readonly string[]): boolean {
    if (this.#runIds.size + runIds.length > this.#most) return false;
    for (const runId of runIds) this.#runIds.add(runId);
    return true;
  }

  /** Frees the place of a run that has one. */
  free(runId: string): void {
    this.#runIds.delete(runId);
  }
}
