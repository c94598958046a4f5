import type { Log } from '../../../core/ports/log.ts';

/** Where a queue finds its work. Lanes share the queue fairly: an agent's runs, a connector's deliveries. */
export interface LaneSource {
  /** Names of all lanes that have work, due or not. */
  lanes(): readonly string[];
  /** Ids of the lane's oldest due work, at most `limit`. */
  due(lane: string, now: number, limit: number): readonly string[];
  /** Unix ms at which the lane's next work is due; `null` where it has none. */
  nextDueAt(lane: string): number | null;
  /** Does one piece of work, so that `due` does not return it any more. Throws where the platform failed. */
  work(id: string): Promise<unknown>;
  /** Memory that a piece of work takes up which `due` has just returned, in bytes; none where it is not said. */
  bytesOf?(id: string): number;
  /** How much of the lane's work may be started now, where that is limited; more would only be found busy. */
  places?(lane: string): number;
  /** Called before every look at all lanes. */
  tidy?(): Promise<unknown>;
}

export interface LaneQueueSettings {
  /** noun.verb of the log event for work that threw. */
  readonly failureEvent: string;
  readonly maxInFlight: number;
  /** Bytes that the work in flight may take up together; what is larger than that is done alone. */
  readonly maxBytesInFlight?: number;
  /** Of one lane; a function is asked when the lane gets its first work. */
  readonly maxInFlightPerLane: number | ((lane: string) => number);
  readonly clock: () => number;
  readonly log: Log;
  /** How many pieces of work may be started now, where something more urgent needs the process too. */
  readonly portion?: () => number;
}
