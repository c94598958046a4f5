import type { Connector, Mode } from '../connectors/connector.ts';
import type { Page, PageRequest } from './page.ts';

/** Keeps connectors, each with its links in one record, so that the hot path reads one. */
export interface ConnectorStore {
  /** May be some seconds old where the engine caches; never older than its documented bound. */
  get(connectorId: string): Promise<Connector | null>;
  create(connector: Connector): Promise<void>;
  /** Writes `connector` if the stored version is still `connector.version - 1`. */
  replace(connector: Connector): Promise<'replaced' | 'changed-meanwhile' | 'missing'>;
  /** Removes the connector and cancels its pending and held deliveries; its runs stay. */
  delete(connectorId: string): Promise<'deleted' | 'missing'>;
  list(request: PageRequest & { readonly type?: string; readonly mode?: Mode }): Promise<Page<Connector>>;
  /** Every connector that links to the agent, in order of creation. */
  linkedTo(agentName: string): Promise<readonly Connector[]>;
}
