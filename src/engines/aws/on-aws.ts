import type { AnyConnectorType, ConnectorTypes } from '../../core/connectors/connector-type.ts';
import type { Way } from '../../core/connectors/ways.ts';

/**
 * Connector types as they are on AWS.
 *
 * @param deployed the ways that the deployment has for the type of a name, of those that not every deployment has
 */
export function deployedTypes(
  types: ConnectorTypes,
  deployed: (name: string) => readonly Way[],
): ConnectorTypes {
  return new Map([...types].map(([name, type]) => [name, deployedType(type, deployed(name))]));
}

/** One of them. @param deployed as of `deployedTypes` */
export function deployedType(type: AnyConnectorType, deployed: readonly Way[]): AnyConnectorType {
  return { ...type, modes: type.onAws?.(new Set(deployed)) ?? type.modes };
}
