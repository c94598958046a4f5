import { FairShare } from './fair-share.ts';

/** Addresses kept after their last connection, before a sweep removes those without recent use. */
const manyAddresses = 1_000;

/** Requests that a client with much more use than others may have in progress while others are served. */
const mostBesideOthers = 4;

/** The share of one address. */
interface AddressShare {
  readonly share: FairShare;
  readonly targets: Map<string, FairShare>;
  connections: number;
}

/**
 * Decides who may use the server now. While a request of a light client is in progress, clients that use much more than
 * all others wait for it, but not longer than `patienceMs`. A client that is alone never waits.
 */
export class FairShares {
  readonly #all = new FairShare(null);
  readonly #addresses = new Map<string, AddressShare>();
  /** Shares with a recent request, in order of their last one. */
  readonly #recent = new Set<FairShare>();
  /** How long one request may hold back others, in ms. */
  readonly patienceMs: number;
  /** How long a client counts as currently served after its last request began, in ms. */
  readonly #recentMs: number;
  #sweepAt = manyAddresses;

  constructor(patienceMs: number) {
    this.patienceMs = patienceMs;
    this.#recentMs = 2 * patienceMs;
  }

  connect(address: string): void {
    const known = this.#addresses.get(address);
    if (known !== undefined) {
      known.connections++;
      return;
    }
    if (this.#addresses.size >= this.#sweepAt) this.#sweep();
    this.#addresses.set(address, { share: new FairShare(this.#all), targets: new Map(), connections: 1 });
  }

  disconnect(address: string): void {
    const known = this.#addresses.get(address);
    if (known !== undefined) known.connections--;
  }

  /**
   * The share of a target that an address calls.
   * @param target has its own share; the server knows a limited number of targets
   */
  of(address: string, target: string): FairShare {
    const known = this.#addresses.get(address);
    const share = known?.targets.get(target) ?? new FairShare(known?.share ?? this.#all);
    known?.targets.set(target, share);
    return share;
  }

  /** @returns a function to call when the request is answered, or waits for something other than the server */
  begin(share: FairShare): () => void {
    const begunAt = performance.now();
    const request = { begunAt };
    share.begin(request, begunAt);
    this.#recent.delete(share);
    this.#recent.add(share);
    return () => share.end(request);
  }

  /** Whether a client must wait for others. */
  isHeld(share: FairShare): boolean {
    return this.#findOther(share, (part, other, now) => {
      const since = now - this.patienceMs;
      return other.busySince(since) > 0 || part.busySince(since) >= mostBesideOthers;
    });
  }

  /** Whether a client uses much more than others being served: it then proceeds in steps, with others in between. */
  isGreedy(share: FairShare): boolean {
    return this.#findOther(share, () => true);
  }

  /** Whether the share or its address uses much more than others, and `matches` holds for a recently served one. */
  #findOther(
    share: FairShare,
    matches: (part: FairShare, other: FairShare, now: number) => boolean,
  ): boolean {
    const now = performance.now();
    for (let part = share; part.parent !== null; part = part.parent) {
      if (!part.isGreedy(now)) continue;
      for (const other of this.#recent) {
        if (now - other.begunAt > this.#recentMs) this.#recent.delete(other);
        // Only those that `part` was compared with: the targets of one address do not wait for other addresses.
        else if (other.isPartOf(part.parent) && !other.isPartOf(part) && matches(part, other, now))
          return true;
      }
    }
    return false;
  }

  /** Keeps addresses with recent use: one that reconnects for each request keeps its use. */
  #sweep(): void {
    const now = performance.now();
    for (const [name, { share, connections }] of this.#addresses) {
      if (connections === 0 && share.used(now) < 1) this.#addresses.delete(name);
    }
    this.#sweepAt = Math.max(manyAddresses, 2 * this.#addresses.size);
  }
}
