import type { NamedConnection, OpenConnection } from '../connections/named-connection.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * Keeps named connections, each with its sealed secrets in one record, so that a change of both is one write. Throws
 * `RetryableError` when the store is unavailable.
 */
export interface ConnectionStore {
  /** `name-taken`: another connection has the name; nothing was written. */
  create(opened: OpenConnection): Promise<'created' | 'name-taken'>;
  get(connectionId: string): Promise<OpenConnection | null>;
  find(name: string): Promise<OpenConnection | null>;
  /** Writes `opened` if the stored version is still the one before. */
  replace(opened: OpenConnection): Promise<'replaced' | 'name-taken' | 'changed-meanwhile' | 'missing'>;
  /** `used`: a connector uses it; nothing was written. */
  delete(connectionId: string): Promise<'deleted' | 'used' | 'missing'>;
  list(request: PageRequest & { readonly kind?: string }): Promise<Page<NamedConnection>>;
  /** Ids of the connections that are pending. */
  pending(): Promise<readonly string[]>;
  /** All connectors have the values of this version: the connection is not pending unless it was changed again. */
  settle(connectionId: string, version: number): Promise<void>;
}
