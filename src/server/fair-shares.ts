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
  /** Shares of targets with a recent request. */
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

  /** @returns the request, to end when it is answered or waits for something other than the server */
  begin(share: FairShare): BusyRequest {
    this.#recent.add(share);
    return share.begin(performance.now());
  }

  /** Whether a client must wait for others. */
  isHeld(share: FairShare): boolean {
    return this.#findOther(share, (part, other, now) => {
      const since = now - this.patienceMs;
      return other.busySince(since) > 0 || this.#busySince(part, since) >= mostBesideOthers;
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

  /** The same as `FairShare.busySince` for an address, too. */
  #busySince(part: FairShare, since: number): number {
    let busy = 0;
    for (const share of this.#recent) if (share.isPartOf(part)) busy += share.busySince(since);
    return busy;
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
  /** Its place among the busy requests of its share. */
  place: number;
}

/**
 * A client's recent use of the server, in small requests. Shares form a tree: the server, its addresses, and the
 * targets of each address. A share's use counts towards its parent's; requests begin and end in shares of targets.
 */
export class FairShare {
  readonly parent: FairShare | null;
  #used = 0;
  #period = 0;
  #begunAt = Number.NEGATIVE_INFINITY;
  /**
   * Requests that occupy the server. Not a `Set`: the tables that it discards as its entries change keep each other alive
   * until the next full garbage collection, which costs more than the request itself.
   */
  readonly #busy: BusyRequest[] = [];

  constructor(parent: FairShare | null) {
    this.parent = parent;
  }

  /** @param now on the monotonic clock, in ms */
  begin(now: number): BusyRequest {
    this.#use(1, now);
    this.#begunAt = now;
    const request = { begunAt: now, place: this.#busy.length };
    this.#busy.push(request);
    return request;
  }

  /** Does nothing if the request has ended. */
  end(request: BusyRequest): void {
    const { place } = request;
    if (this.#busy[place] !== request) return;
    const last = this.#busy.pop();
    if (last === undefined || last === request) return;
    this.#busy[place] = last;
    last.place = place;
  }

  /** Counts bytes that a request sent or received. */
  useBytes(bytes: number, now: number): void {
    this.#use(bytes / bytesPerRequest, now);
  }

  /** Requests that began after `since` and still occupy the server. Older ones, such as event streams, are dropped. */
  busySince(since: number): number {
    // Backwards: the last request takes the place of one that ends.
    for (let place = this.#busy.length - 1; place >= 0; place--) {
      const request = this.#busy[place];
      if (request !== undefined && request.begunAt <= since) this.end(request);
    }
    return this.#busy.length;
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
