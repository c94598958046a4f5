/** Gives each connector a name of its own. Throws `RetryableError` when the store is away. */
export interface ConnectorNames {
  /**
   * Claims a name for a connector, of many claims at the same time for one. A name that is given back is free at once; one
   * whose connector has another name or is not there, once its claim is older than `claimMs`.
   *
   * @param now Unix ms
   */
  claim(name: string, connectorId: string, now: number): Promise<'claimed' | 'taken'>;
  /** Gives a name back; does nothing where another connector has it. */
  release(name: string, connectorId: string): Promise<void>;
}

/** How long a claim holds before its connector is stored under the name. */
export const claimMs = 10_000;
