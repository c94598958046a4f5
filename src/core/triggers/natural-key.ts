/** What makes an event the same one, however often it arrives. */
export interface NaturalKey {
  /** Unique among the connector's events of the same `timeMs`. */
  readonly key: string;
  /** Unix ms that belong to the event, not to its arrival. */
  readonly timeMs: number;
  /**
   * Where the event stands in its stream, if it is part of one, counting up: ids of the same `timeMs` are sorted by it,
   * but where its last 12 bits start over.
   */
  readonly place?: number;
}
