import type { Connector } from '../connectors/connector.ts';
import type { ConnectorSecrets } from '../connectors/connector-secrets.ts';
import type { AuditEntry } from './audit-log.ts';

/** A new connector with its secrets. */
interface NewConnector {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
}

/** One connector, before and after a change. */
export interface ChangedConnector {
  readonly before: Connector;
  /** The next version of the record. */
  readonly after: Connector;
  /** New values of the configuration's secret fields; `null` if they stay as they are. */
  readonly secrets: ConnectorSecrets['config'] | null;
}

/** Changes of many connectors that belong together. */
export interface ConnectorChangeSet {
  readonly created: readonly NewConnector[];
  readonly changed: readonly ChangedConnector[];
  readonly removed: readonly Connector[];
  /** Entries of the audit log that record the changes. */
  readonly entries: readonly AuditEntry[];
}

/** Makes many changes of connectors in one go. */
export interface ConnectorChanges {
  /**
   * Makes all changes or none, with names, links, secrets, and the audit log. A crash at any point leaves the state
   * before all of them, or one that the engine completes by itself. Pending and held deliveries of removed connectors
   * are cancelled.
   *
   * @returns `changed-meanwhile` if a connector is not as the change set assumes, or another connector has one of the
   *   names: nothing was changed
   * @throws RetryableError when the store is unavailable, or other changes are being made; nothing was changed then
   */
  apply(changes: ConnectorChangeSet): Promise<'applied' | 'changed-meanwhile'>;
}
