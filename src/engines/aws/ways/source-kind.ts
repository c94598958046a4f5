import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { registrationOf } from '../../../core/connectors/register-connector.ts';
import { wayOf } from '../../../core/connectors/way-of.ts';

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
