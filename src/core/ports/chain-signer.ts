/**
 * Signs which runs led to an event, with a key of the deployment: events that leave it and come back show how they began.
 * Throws `RetryableError` when the store is unavailable.
 */
export interface ChainSigner {
  /** @param runIds first one first */
  sign(runIds: readonly string[]): Promise<string>;
  /** The runs of a text from `sign`; empty if the text is anything else. */
  read(signed: string): Promise<readonly string[]>;
}
