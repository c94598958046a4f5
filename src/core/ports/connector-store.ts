import type { Connector, Mode } from '../connectors/connector.ts';
import type { Page, PageRequest } from './page.ts';

/** Keeps connectors, each in one record with its links, so that the hot path reads only one. */
export interface ConnectorStore {
  /** May be some seconds old if the engine caches, but never older than the engine's documented bound. */
  get(connectorId: string): Promise<Connector | null>;
  /** @throws RetryableError also if its connection was changed or deleted meanwhile */
  create(connector: Connector): Promise<void>;
  /**
   * Writes `connector` if the stored version is still `connector.version - 1`, and, if it takes a
   * version of its connection that it did not have before, this is still the connection's version.
   */
  replace(connector: Connector): Promise<'replaced' | 'changed-meanwhile' | 'missing'>;
  /** Removes the connector and cancels its pending and held deliveries; its runs stay. */
  delete(connectorId: string): Promise<'deleted' | 'missing'>;
  list(request: PageRequest & { readonly type?: string; readonly mode?: Mode }): Promise<Page<Connector>>;
  /** Every connector that links to the agent, in order of creation. */
  linkedTo(agentName: string): Promise<readonly Connector[]>;
  /** Every connector that uses the connection, in order of creation. */
  using(connectionId: string): Promise<readonly Connector[]>;
}
