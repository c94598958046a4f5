/**
 * The runs that sync callers wait for: started at once, so that no queue holds them back, and therefore counted, and their
 * payloads weighed. Each is counted before anything of it is stored.
 */
export class HeldRuns {
  readonly #most: number;
  readonly #mostBytes: number;
  /** What the payload of each takes up. */
  readonly #bytes = new Map<string, number>();
  #bytesInHand = 0;

  /** @param mostBytes of all payloads; a larger one has all of it alone */
  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  /** Takes places for all of the runs, each with a payload of that size, or for none. */
  take(runIds: readonly string[], payloadBytes: number): boolean {
    if (this.#bytes.size + runIds.length > this.#most) return false;
    const wanted = runIds.length * payloadBytes;
    if (this.#bytesInHand > 0 && this.#bytesInHand + wanted > this.#mostBytes) return false;
    for (const runId of runIds) this.#bytes.set(runId, payloadBytes);
    this.#bytesInHand += wanted;
    return true;
  }

  /** Frees the place of a run that has one. */
  free(runId: string): void {
    this.#bytesInHand -= this.#bytes.get(runId) ?? 0;
    this.#bytes.delete(runId);
  }
}
