import { FairShare } from './fair-share.ts';

/** Addresses that are remembered after their last connection, before those that used nothing lately are looked for. */
const manyAddresses = 1_000;

/** Requests that a client may have in hand who uses much more than others who are served now. */
const mostBesideOthers = 4;

/** The share of one address. */
interface AddressShare {
  readonly share: FairShare;
  readonly targets: Map<string, FairShare>;
  connections: number;
}

/**
 * Who may use the server now. While a request of a client that uses little is in hand, clients that use much more than
 * all others wait for it, but not longer than `patienceMs`. Nobody waits who is alone.
 */
export class FairShares {
  readonly #all = new FairShare(null);
  readonly #addresses = new Map<string, AddressShare>();
  /** Shares of which a request began recently, in that order. */
  readonly #recent = new Set<FairShare>();
  /** How long one request may keep others waiting, in ms. */
  readonly patienceMs: number;
  /** How long a client counts as one of those who are served now, after it began a request, in ms. */
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
   * The share of what an address calls.
   * @param target what has a share of its own: of one address, not more than are known to the server
   */
  of(address: string, target: string): FairShare {
    const known = this.#addresses.get(address);
    const share = known?.targets.get(target) ?? new FairShare(known?.share ?? this.#all);
    known?.targets.set(target, share);
    return share;
  }

  /** @returns to be called when the request is answered, or waits for something else than the server */
  begin(share: FairShare): () => void {
    const begunAt = performance.now();
    const request = { begunAt };
    share.begin(request, begunAt);
    this.#recent.delete(share);
    this.#recent.add(share);
    return () => share.end(request);
  }

  /** Whether a client has to wait for others. */
  isHeld(share: FairShare): boolean {
    return this.#findOther(share, (part, other, now) => {
      const since = now - this.patienceMs;
      return other.busySince(since) > 0 || part.busySince(since) >= mostBesideOthers;
    });
  }

  /** Whether a client uses much more than others who are served now: it goes on step by step, and others come in between. */
  isGreedy(share: FairShare): boolean {
    return this.#findOther(share, () => true);
  }

  /** Whether the share or its address uses much more than others, and one of these was served recently that `matches`. */
  #findOther(
    share: FairShare,
    matches: (part: FairShare, other: FairShare, now: number) => boolean,
  ): boolean {
    const now = performance.now();
    for (let part = share; part.parent !== null; part = part.parent) {
      if (!part.isGreedy(now)) continue;
      for (const other of this.#recent) {
        if (now - other.begunAt > this.#recentMs) this.#recent.delete(other);
        else if (!other.isPartOf(part) && matches(part, other, now)) return true;
      }
    }
    return false;
  }

  /** An address that comes back with each request is known by what it used before. */
  #sweep(): void {
    const now = performance.now();
    for (const [name, { share, connections }] of this.#addresses) {
      if (connections === 0 && share.used(now) < 1) this.#addresses.delete(name);
    }
    this.#sweepAt = Math.max(manyAddresses, 2 * this.#addresses.size);
  }
}
