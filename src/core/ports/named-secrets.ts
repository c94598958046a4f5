/** The secrets that connectors in code can use by name. */
export interface NamedSecrets {
  /** @throws RetryableError when a store is unavailable */
  values(): Promise<Readonly<Record<string, string>>>;
}
