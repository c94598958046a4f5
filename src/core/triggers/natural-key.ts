/** Identifies an event across repeated arrivals. */
export interface NaturalKey {
  /** Unique among the connector's events of the same `timeMs`. */
  readonly key: string;
  /** Unix ms that belong to the event, not to its arrival. */
  readonly timeMs: number;
  /**
   * The event's position in its stream, if it has one, counting up. Ids of the same `timeMs` sort by it, until its last
   * 12 bits wrap around.
   */
  readonly place?: number;
}
