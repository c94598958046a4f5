/** Does what is asked for one connector one after the other; for different ones, side by side. */
export class InTurn {
  readonly #last = new Map<string, Promise<void>>();

  /** @param work never rejects */
  add(connectorId: string, work: () => Promise<void>): void {
    const added = (this.#last.get(connectorId) ?? Promise.resolve()).then(work).finally(() => {
      if (this.#last.get(connectorId) === added) this.#last.delete(connectorId);
    });
    this.#last.set(connectorId, added);
  }

  /** Resolves once all that was asked for is done. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
