import { messageOf } from '../../../core/errors.ts';
import type { LaneQueueSettings, LaneSource } from './lane-source.ts';

interface DueWork {
  readonly id: string;
  /** Memory used while the work is in flight. */
  readonly bytes: number;
}

interface Lane {
  readonly name: string;
  readonly maxInFlight: number;
  /** Due work that has not been started. */
  found: DueWork[];
  readonly inFlight: Set<string>;
  timer: NodeJS.Timeout | null;
}

const lookEveryMs = 5_000;
/** Pieces of work read from the store at a time, for one lane. */
const findAtATime = 128;
/** The share of the free places that one lane may take. The rest stays free for other lanes. */
const laneShare = 0.75;
/** The wait after work that threw: most likely the store is unavailable. */
const pauseMs = 1_000;
/** How often a portion of work may start if there is a limit, in ms. */
const portionEveryMs = 5;

/**
 * Takes due work from a store and does a bounded amount of it at a time. The store is the queue: everything held here
 * is found again after a crash.
 */
export class LaneQueue {
  readonly #source: LaneSource;
  readonly #settings: LaneQueueSettings;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes that may have due work, longest wait first. */
  readonly #rotation = new Set<Lane>();
  /** Lanes whose next work waits for free memory, longest wait first. */
  readonly #withoutRoom = new Set<Lane>();
  readonly #working = new Set<Promise<void>>();
  #bytesInFlight = 0;
  #pump: NodeJS.Immediate | NodeJS.Timeout | null = null;
  #looks: NodeJS.Timeout | null = null;
  #pausedUntil = 0;
  /** The rest of the portion that began at `#portionFrom`, in ms of `performance.now()`. */
  #portionLeft = 0;
  #portionFrom = Number.NEGATIVE_INFINITY;
  #stopped = true;

  constructor(source: LaneSource, settings: LaneQueueSettings) {
    this.#source = source;
    this.#settings = settings;
  }

  start(): void {
    this.#stopped = false;
    void this.#look();
    const everyMs = this.#settings.lookEveryMs ?? lookEveryMs;
    this.#looks = setInterval(() => void this.#look(), everyMs).unref();
  }

  /** Announces work in the lane. */
  announce(laneName: string): void {
    this.#rotation.add(this.#lane(laneName));
    this.#schedule();
  }

  /** Starts no more work; work in flight continues. */
  stop(): void {
    this.#stopped = true;
    if (this.#looks !== null) clearInterval(this.#looks);
    for (const lane of this.#lanes.values()) if (lane.timer !== null) clearTimeout(lane.timer);
  }

  /** Resolves once no work is in flight. */
  async whenIdle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  /** Looks at all lanes of the store. */
  async #look(): Promise<void> {
    try {
      await this.#source.tidy?.();
      if (this.#stopped) return;
      for (const name of this.#source.lanes()) this.#rotation.add(this.#lane(name));
      this.#schedule();
    } catch (thrown) {
      this.#settings.log.warn('queue.not-readable', { reason: messageOf(thrown) });
    }
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const { maxInFlightPerLane: most } = this.#settings;
    const maxInFlight = typeof most === 'number' ? most : most(name);
    const lane: Lane = { name, maxInFlight, found: [], inFlight: new Set(), timer: null };
    this.#lanes.set(name, lane);
    return lane;
  }

  #schedule(): void {
    if (this.#stopped || this.#pump !== null) return;
    const now = performance.now();
    const nextPortionAt = this.#portionLeft >= 1 ? now : this.#portionFrom + portionEveryMs;
    const waitMs = Math.max(this.#pausedUntil, nextPortionAt) - now;
    const pump = () => this.#startWork();
    this.#pump = waitMs > 0 ? setTimeout(pump, waitMs) : setImmediate(pump);
  }

  /** Begins a new portion if it is time for one. */
  #takePortion(): void {
    const now = performance.now();
    if (now - this.#portionFrom < portionEveryMs) return;
    this.#portionFrom = now;
    const portion = this.#settings.portion?.() ?? Number.POSITIVE_INFINITY;
    // Fractions add up to one.
    this.#portionLeft = portion < 1 ? Math.min(1, this.#portionLeft + portion) : portion;
  }

  #startWork(): void {
    try {
      this.#startPortion();
    } catch (thrown) {
      this.#pause(thrown);
      this.#schedule();
    }
  }

  #startPortion(): void {
    this.#takePortion();
    this.#pump = null;
    const before = this.#working.size;
    for (const lane of this.#rotation) {
      if (this.#stopped || this.#portionLeft < 1 || this.#working.size >= this.#settings.maxInFlight) break;
      this.#rotation.delete(lane);
      if (!this.#hasPlaceFor(lane)) continue;
      const work = this.#next(lane);
      if (work === undefined) {
        this.#wakeLater(lane);
        continue;
      }
      if (!this.#hasRoomFor(work)) {
        this.#withoutRoom.add(lane);
        continue;
      }
      lane.found.shift();
      this.#portionLeft--;
      this.#start(lane, work);
      this.#rotation.add(lane);
    }
    const isInVain = this.#rotation.size === 0 && this.#working.size === before;
    // Under a limit, fruitless looks wait for the next portion.
    if (isInVain && Number.isFinite(this.#portionLeft)) this.#portionLeft = 0;
    if (this.#portionLeft < 1 && this.#rotation.size > 0) this.#schedule();
  }

  #hasPlaceFor(lane: Lane): boolean {
    const { maxInFlight } = this.#settings;
    const othersInFlight = this.#working.size - lane.inFlight.size;
    const share = Math.ceil(laneShare * (maxInFlight - othersInFlight));
    return lane.inFlight.size < Math.min(share, lane.maxInFlight);
  }

  /** Work larger than the limit runs alone. Nothing overtakes work that waits for memory, or it would wait for ever. */
  #hasRoomFor({ bytes }: DueWork): boolean {
    if (bytes === 0) return true;
    const { maxBytesInFlight = Number.POSITIVE_INFINITY } = this.#settings;
    if (this.#withoutRoom.size > 0) return false;
    return this.#bytesInFlight === 0 || this.#bytesInFlight + bytes <= maxBytesInFlight;
  }

  #next(lane: Lane): DueWork | undefined {
    if (lane.found.length === 0) {
      const wanted = Math.min(findAtATime, this.#placesOf(lane));
      if (wanted <= 0) return undefined;
      // The store may still report work in flight as due.
      const due = this.#source.due(lane.name, this.#settings.clock(), wanted + lane.inFlight.size);
      const ids = due.filter((id) => !lane.inFlight.has(id)).slice(0, wanted);
      lane.found = ids.map((id) => ({ id, bytes: this.#source.bytesOf?.(id) ?? 0 }));
    }
    return lane.found[0];
  }

  #placesOf(lane: Lane): number {
    return this.#source.places?.(lane.name) ?? Number.POSITIVE_INFINITY;
  }

  #start(lane: Lane, { id, bytes }: DueWork): void {
    lane.inFlight.add(id);
    this.#bytesInFlight += bytes;
    const work = this.#source
      .work(id)
      .catch((thrown: unknown) => this.#pause(thrown, id))
      .then(() => {
        lane.inFlight.delete(id);
        this.#working.delete(work);
        this.#freeRoom(bytes);
        this.#rotation.add(lane);
        this.#schedule();
      });
    this.#working.add(work);
  }

  /** Lanes that wait for memory come first, in order. */
  #freeRoom(bytes: number): void {
    this.#bytesInFlight -= bytes;
    if (bytes === 0 || this.#withoutRoom.size === 0) return;
    const others = [...this.#rotation];
    this.#rotation.clear();
    for (const lane of [...this.#withoutRoom, ...others]) this.#rotation.add(lane);
    this.#withoutRoom.clear();
  }

  #pause(thrown: unknown, id: string | null = null): void {
    this.#settings.log.warn(this.#settings.failureEvent, { id, reason: messageOf(thrown) });
    this.#pausedUntil = performance.now() + pauseMs;
  }

  /** The lane has no due work. Sets a timer if its next work is due before the next look at all lanes. */
  #wakeLater(lane: Lane): void {
    // A lane without free places resumes when some of its work ends.
    const dueAt = this.#placesOf(lane) > 0 ? this.#source.nextDueAt(lane.name) : null;
    if (lane.timer !== null) clearTimeout(lane.timer);
    lane.timer = null;
    if (dueAt === null && lane.inFlight.size === 0) this.#lanes.delete(lane.name);
    const inMs = dueAt === null ? lookEveryMs : Math.max(1, dueAt - this.#settings.clock());
    if (inMs >= lookEveryMs) return;
    lane.timer = setTimeout(() => {
      this.#rotation.add(lane);
      this.#schedule();
    }, inMs).unref();
  }
}
