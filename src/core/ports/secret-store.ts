import type { ConnectorSecrets } from '../connectors/connector-secrets.ts';

/** Keeps connectors' secrets, encrypted at rest. */
export interface SecretStore {
  /** Empty secrets for a connector that has none. May be cached for seconds. */
  get(connectorId: string): Promise<ConnectorSecrets>;
  /**
   * Replaces a connector's secrets with what `change` returns for the stored ones, and returns them. No concurrent
   * change is lost: `change` is called again on what another writer stored. `null` keeps them as they are.
   *
   * @throws RetryableError when the store is unavailable, or others keep changing them
   */
  change(
    connectorId: string,
    change: (stored: ConnectorSecrets) => ConnectorSecrets | null,
  ): Promise<ConnectorSecrets>;
  delete(connectorId: string): Promise<void>;
}

export const noSecrets: ConnectorSecrets = { current: null, previous: null, config: {} };

/** The record that holds all named secrets, in place of a connector's id. */
export const namedSecretsId = 'named-secrets';
