/** Keeps connector names unique. Throws `RetryableError` when the store is unavailable. */
export interface ConnectorNames {
  /**
   * Claims a name for a connector; of concurrent claims, one succeeds. A released name is free immediately. A name
   * whose connector has another name or does not exist is free once its last claim is older than `claimMs`.
   *
   * @param now Unix ms
   */
  claim(name: string, connectorId: string, now: number): Promise<'claimed' | 'taken'>;
  /** Releases a name; does nothing if another connector has it. */
  release(name: string, connectorId: string): Promise<void>;
}

/** How long a claim holds before its connector is stored under the name. */
export const claimMs = 10_000;
