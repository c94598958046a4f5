import type { FairShare } from './fair-share.ts';
import type { FairShares } from './fair-shares.ts';

/** How long one turn of the event loop may serve waiting work, in ms; then new requests get their turn. */
const turnMs = 0.5;

/** Work that continues when its turn comes. */
type Take = () => void;

/** The waiting work. Clients take turns; within one client, the longest wait is next. */
export class Turns {
  readonly #shares: FairShares;
  readonly #lines = new Map<FairShare, Set<Take>>();
  #isTurnSet = false;
  /** Ends the wait for others' long requests. */
  #patience: NodeJS.Timeout | undefined;

  constructor(shares: FairShares) {
    this.#shares = shares;
  }

  /** @param take called once, even if it is added several times */
  wait(share: FairShare, take: Take): void {
    const line = this.#lines.get(share);
    if (line === undefined) this.#lines.set(share, new Set([take]));
    else line.add(take);
    this.goOn();
  }

  /** Call when a request has ended: others may wait for it. */
  goOn(): void {
    if (this.#isTurnSet || this.#lines.size === 0) return;
    this.#isTurnSet = true;
    setImmediate(() => this.#takeTurns());
  }

  #takeTurns(): void {
    this.#isTurnSet = false;
    const until = performance.now() + turnMs;
    // A client moved to the end of the line comes up again in the same loop.
    for (const [share, line] of this.#lines) {
      if (this.#shares.isHeld(share)) continue;
      this.#takeNext(share, line);
      if (performance.now() < until) continue;
      this.goOn();
      return;
    }
    if (this.#lines.size > 0) this.#goOnLater();
  }

  #takeNext(share: FairShare, line: Set<Take>): void {
    const [take] = line;
    if (take !== undefined) line.delete(take);
    this.#lines.delete(share);
    if (line.size > 0) this.#lines.set(share, line);
    take?.();
  }

  /** All waiting clients must wait for others. */
  #goOnLater(): void {
    this.#patience ??= setTimeout(() => {
      this.#patience = undefined;
      this.goOn();
    }, this.#shares.patienceMs).unref();
  }
}
