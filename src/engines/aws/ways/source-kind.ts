import type { Connector } from '../../../core/connectors/connector.ts';
import { wayOf } from '../../../core/connectors/connector-config.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { registrationOf } from '../../../core/connectors/register-connector.ts';
import type { Way } from '../../../core/connectors/ways.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';

/**
 * What brings events to a connector: in the account, schedules that fire or poll, a stream, or an event bus rule;
 * elsewhere, a registration with a provider.
 */
export const sourceKinds = ['schedule', 'stream', 'rule', 'registration'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** `null` for an outbound connector, or one that is called from outside without a registration. */
export function sourceKindOf(types: ConnectorTypes, connector: Connector): SourceKind | null {
  if (registrationOf(types, connector) !== undefined) return 'registration';
  if (wayOf(types, connector, 'schedule') !== undefined) return 'schedule';
  if (wayOf(types, connector, 'mapping') !== undefined) return 'stream';
  if (wayOf(types, connector, 'rule') !== undefined) return 'rule';
  return wayOf(types, connector, 'poll') === undefined ? null : 'schedule';
}

/** Without agents, no events are taken: messages wait at their source, and a rule sends none. */
export function isReading({ enabled, agents }: Pick<Connector, 'enabled' | 'agents'>): boolean {
  return enabled && agents.length > 0;
}

/** The same connectors; every change updates the connector's source before it returns. */
export function followedConnectors(
  connectors: ConnectorStore,
  types: ConnectorTypes,
  follow: (connectorId: string) => Promise<void>,
): ConnectorStore {
  const hasSource = (connector: Connector | null) =>
    connector !== null && sourceKindOf(types, connector) !== null;
  return {
    ...connectors,
    async create(connector) {
      await connectors.create(connector);
      if (hasSource(connector)) await follow(connector.id);
    },
    async replace(connector) {
      const before = await connectors.get(connector.id);
      const replaced = await connectors.replace(connector);
      // Also removes a source that the connector no longer needs.
      const follows = hasSource(connector) || hasSource(before);
      if (replaced === 'replaced' && follows) await follow(connector.id);
      return replaced;
    },
    async delete(connectorId) {
      const stored = await connectors.get(connectorId);
      const deleted = await connectors.delete(connectorId);
      if (hasSource(stored)) await follow(connectorId);
      return deleted;
    },
  };
}

/** The ways that every deployment has, for every connector type. */
export const waysOfDeployments: ReadonlySet<Way> = new Set<Way>(['request', 'schedule', 'poll']);

/** The ways that a deployment has only if its settings enable them. */
export const waysOfSomeDeployments: readonly Way[] = ['mapping', 'rule', 'socket'];
