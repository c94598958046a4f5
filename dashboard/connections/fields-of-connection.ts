import { useMemo } from 'react';
import type { WireConnection } from '../../src/api/contract/connection.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useConnections } from '../api/connections.ts';

const none: readonly string[] = [];

/**
 * Names of the fields that a connector gets from a connection.
 *
 * @param name of the connection; `null` for none
 * @param connector the stored one, which knows the fields of its own connection
 */
export function useFieldsOfConnection(
  name: string | null,
  connector?: Pick<WireConnector, 'connection' | 'connection_fields'>,
): readonly string[] {
  const connections = useConnections();
  return useMemo(() => {
    if (name === null) return none;
    if (name === connector?.connection) return connector.connection_fields;
    const chosen = connections.data?.find((connection) => connection.name === name);
    return chosen === undefined ? none : fieldsSetBy(chosen);
  }, [name, connector, connections.data]);
}

function fieldsSetBy({ config, secret_fields }: WireConnection): readonly string[] {
  return [...Object.keys(config), ...secret_fields];
}
