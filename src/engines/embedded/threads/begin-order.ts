/** How long code may hold one turn of the event loop before the thread reads its messages again, in ms. */
const turnMs = 2;

/**
 * Begins the runs of a thread: awaited ones first, otherwise in order. After code that held the thread, messages are
 * read before the next run begins, so that awaited runs overtake queued ones and results leave immediately.
 */
export class BeginOrder {
  readonly #awaited: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #turnFrom: number | null = null;

  /** Calls `begin` once, in a later turn of the event loop, after pending messages have left. */
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
