import type { ConnectorSecrets } from '../connectors/connector-secrets.ts';

/** Keeps the secrets of connectors, encrypted at rest. */
export interface SecretStore {
  /** Empty secrets for a connector that has none. May be cached for seconds. */
  get(connectorId: string): Promise<ConnectorSecrets>;
  /**
   * Replaces a connector's secrets by what `change` makes of those that are stored, and returns them. Of changes at the
   * same time none is lost: `change` is called again on what another one has left. `null` leaves them as they are.
   *
   * @throws RetryableError when the store is away, or others keep changing them
   */
  change(
    connectorId: string,
    change: (stored: ConnectorSecrets) => ConnectorSecrets | null,
  ): Promise<ConnectorSecrets>;
  delete(connectorId: string): Promise<void>;
}

export const noSecrets: ConnectorSecrets = { current: null, previous: null, config: {} };
