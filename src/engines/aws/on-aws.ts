import type { AnyConnectorType, ConnectorTypes } from '../../core/connectors/connector-type.ts';
import type { Way } from '../../core/connectors/ways.ts';

/**
 * Connector types in their AWS form.
 *
 * @param deployed the optional ways that the deployment has for a type
 */
export function deployedTypes(
  types: ConnectorTypes,
  deployed: (name: string) => readonly Way[],
): ConnectorTypes {
  return new Map([...types].map(([name, type]) => [name, deployedType(type, deployed(name))]));
}

/** One of them. @param deployed the optional ways that the deployment has for this type */
export function deployedType(type: AnyConnectorType, deployed: readonly Way[]): AnyConnectorType {
  const { connectionOnAws, ...common } = type;
  const connection = connectionOnAws === undefined ? {} : { connection: connectionOnAws };
  return { ...common, ...connection, modes: type.onAws?.(new Set(deployed)) ?? type.modes };
}
