/** Bytes to or from the server that cost about as much as one small request. */
const bytesPerRequest = 64 * 1024;

/** Use decays by half after each of these periods, in ms. */
const halvingMs = 100;

/** A client waits for less busy ones once it uses this many times as much as all others together. */
const mostTimesOthers = 4;

/** A request that has begun, until it is answered or waits for something other than the server. */
export interface BusyRequest {
  /** On the monotonic clock, in ms. */
  readonly begunAt: number;
}

/**
 * A client's recent use of the server, in small requests. Shares form a tree: the server, its addresses, and the
 * targets of each address. A share's use counts towards its parent's.
 */
export class FairShare {
  readonly parent: FairShare | null;
  #used = 0;
  #period = 0;
  #begunAt = Number.NEGATIVE_INFINITY;
  /** Requests that occupy the server, oldest first. */
  readonly #busy = new Set<BusyRequest>();

  constructor(parent: FairShare | null) {
    this.parent = parent;
  }

  /** @param now on the monotonic clock, in ms */
  begin(request: BusyRequest, now: number): void {
    this.#use(1, now);
    for (let share: FairShare | null = this; share !== null; share = share.parent) {
      share.#busy.add(request);
      share.#begunAt = now;
    }
  }

  end(request: BusyRequest): void {
    for (let share: FairShare | null = this; share !== null; share = share.parent)
      share.#busy.delete(request);
  }

  /** Counts bytes that a request sent or received. */
  useBytes(bytes: number, now: number): void {
    this.#use(bytes / bytesPerRequest, now);
  }

  /** Requests that began after `since` and still occupy the server. Older ones, such as event streams, are dropped. */
  busySince(since: number): number {
    for (const request of this.#busy) {
      if (request.begunAt > since) break;
      this.#busy.delete(request);
    }
    return this.#busy.size;
  }

  /** When the last request began. */
  get begunAt(): number {
    return this.#begunAt;
  }

  /** Recent use, in small requests. */
  used(now: number): number {
    const period = Math.floor(now / halvingMs);
    if (period > this.#period) {
      this.#used *= 2 ** (this.#period - period);
      this.#period = period;
    }
    return this.#used;
  }

  isPartOf(share: FairShare): boolean {
    return this === share || this.parent?.isPartOf(share) === true;
  }

  /** Whether it uses much more than all other shares of the same parent together. */
  isGreedy(now: number): boolean {
    if (this.parent === null) return false;
    const used = this.used(now);
    return used > mostTimesOthers * (this.parent.used(now) - used);
  }

  #use(requests: number, now: number): void {
    this.#used = this.used(now) + requests;
    if (this.parent !== null) this.parent.#use(requests, now);
  }
}
