/** What makes an event the same one, however often it arrives. */
export interface NaturalKey {
  /** Unique among the connector's events of the same `timeMs`. */
  readonly key: string;
  /** Unix ms that belong to the event, not to its arrival. */
  readonly timeMs: number;
}
