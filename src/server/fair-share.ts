/** So many bytes that a request brings or takes occupy the server about as long as a small request does. */
const bytesPerRequest = 64 * 1024;

/** Use counts half after each of these periods, in ms. */
const halvingMs = 100;

/** A client waits for less busy ones as soon as it uses so many times what all others use together. */
const mostTimesOthers = 4;

/** A request that has begun, until it is answered or waits for something else than the server. */
export interface BusyRequest {
  /** Of the monotonic clock, in ms. */
  readonly begunAt: number;
}

/**
 * A client's recent use of the server, in small requests. Shares form a tree: the server, its addresses, and what each
 * address calls. A share's use is part of its parent's.
 */
export class FairShare {
  readonly parent: FairShare | null;
  #used = 0;
  #period = 0;
  #begunAt = Number.NEGATIVE_INFINITY;
  /** Requests that occupy the server, the oldest first. */
  readonly #busy = new Set<BusyRequest>();

  constructor(parent: FairShare | null) {
    this.parent = parent;
  }

  /** @param now of the monotonic clock, in ms */
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

  /** Counts bytes that a request brought or took. */
  useBytes(bytes: number, now: number): void {
    this.#use(bytes / bytesPerRequest, now);
  }

  /** How many requests occupy the server that began after `since`. Streams of events and the like go on, but do nothing. */
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

  /** What the share has used recently, in small requests. */
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

  /** Whether it uses much more than everybody else below the same parent. */
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
