import { connectionKinds } from '../../core/connections/find-kind.ts';
import type { NamedConnection } from '../../core/connections/named-connection.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import { configSchema, secretFieldNames } from '../../core/connectors/connector-config.ts';
import type { ConnectionKind, ConnectorTypes } from '../../core/connectors/connector-type.ts';
import type { WireConnection, WireConnectionType } from '../contract/connection.ts';
import { toIso } from './iso-time.ts';

/** A connection as operators see it, without its secrets. @param users the connectors that use it */
export function connectionToWire(connection: NamedConnection, users: readonly Connector[]): WireConnection {
  return {
    id: connection.id,
    name: connection.name,
    type: connection.kind,
    config: connection.config,
    secret_fields: [...connection.secretFields],
    pending: connection.isPending,
    used_by: users.map(({ id, name, type, mode, connection: used }) => ({
      id,
      name,
      type,
      mode,
      up_to_date: used?.version === connection.version,
    })),
    created_at: toIso(connection.createdAt),
    updated_at: toIso(connection.updatedAt),
  };
}

/** All kinds of connections, as forms need them. */
export function connectionTypesToWire(types: ConnectorTypes): WireConnectionType[] {
  return [...connectionKinds(types).values()].map((kind) => typeToWire(kind, types));
}

function typeToWire(kind: ConnectionKind, types: ConnectorTypes): WireConnectionType {
  const users = [...types.values()].filter(({ connection }) => connection?.name === kind.name);
  return {
    name: kind.name,
    title: kind.title,
    summary: kind.summary,
    connector_types: users.map(({ name }) => name),
    config_schema: configSchema(kind),
    secret_fields: [...secretFieldNames(kind)],
    can_be_tested: kind.probe !== undefined,
    samples: kind.samples.map(({ title, config }) => ({ title, config })),
  };
}
