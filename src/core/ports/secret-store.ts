import type { ConnectorSecrets } from '../connector-secrets.ts';

/** Keeps the secrets of connectors, encrypted at rest. */
export interface SecretStore {
  /** Empty secrets for a connector that has none. May be cached for seconds. */
  get(connectorId: string): Promise<ConnectorSecrets>;
  put(connectorId: string, secrets: ConnectorSecrets): Promise<void>;
  delete(connectorId: string): Promise<void>;
}

export const noSecrets: ConnectorSecrets = { current: null, previous: null, config: {} };
