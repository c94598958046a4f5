/** For how long code may hold one turn of the event loop before the thread reads its messages again, in ms. */
const turnMs = 2;

/**
 * Begins what a thread was handed: first what a caller waits for, else in order. After code that held the thread its messages
 * are read before more is begun, so that an awaited run passes those of the queue, and results leave at once.
 */
export class BeginOrder {
  readonly #awaited: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #turnFrom: number | null = null;

  /** Calls `begin` once, in a later turn of the event loop: what others have to say leaves before. */
  add(begin: () => void, awaited: boolean): void {
    (awaited ? this.#awaited : this.#others).push(begin);
    setImmediate(() => this.#beginNext());
  }

  #beginNext(): void {
    const now = performance.now();
    this.#turnFrom ??= this.#beginTurn(now);
    if (now - this.#turnFrom > turnMs) {
      setImmediate(() => this.#beginNext());
      return;
    }
    const begin = this.#awaited.shift() ?? this.#others.shift();
    begin?.();
  }

  #beginTurn(now: number): number {
    setImmediate(() => {
      this.#turnFrom = null;
    });
    return now;
  }
}
