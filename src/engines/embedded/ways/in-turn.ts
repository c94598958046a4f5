/** Does the work for one connector in order, and the work for different connectors concurrently. */
export class InTurn {
  readonly #last = new Map<string, Promise<void>>();

  /** @param work never rejects */
  add(connectorId: string, work: () => Promise<void>): void {
    const added = (this.#last.get(connectorId) ?? Promise.resolve()).then(work).finally(() => {
      if (this.#last.get(connectorId) === added) this.#last.delete(connectorId);
    });
    this.#last.set(connectorId, added);
  }

  /** Resolves once all added work is done. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
