import { Select } from '@mantine/core';
import { useConnections } from '../api/connections.ts';
import { useConnectorTypes } from '../api/marketplace.ts';

export interface ConnectionSelectProps {
  /** Type of the connector. */
  readonly type: string;
  /** Name of the chosen connection. */
  readonly value: string | null;
  readonly error: string | undefined;
  readonly onChange: (name: string | null) => void;
}

/** No connection has this name. */
const none = '';

/** Chooses a saved connection for a connector; nothing if its type uses none, or there is none to choose. */
export function ConnectionSelect({ type, value, error, onChange }: ConnectionSelectProps) {
  const types = useConnectorTypes();
  const connections = useConnections();
  const wanted = types.data?.find(({ name }) => name === type)?.connection_type ?? null;
  const offered = connections.data?.filter((connection) => connection.type === wanted) ?? [];
  const names = new Set([...offered.map(({ name }) => name), ...(value === null ? [] : [value])]);
  if (wanted === null || names.size === 0) return null;
  return (
    <Select
      label="Connection"
      description="Saved credentials that several connectors use. Without one, enter them here."
      data={[{ value: none, label: 'None' }, ...names]}
      value={value ?? none}
      onChange={(chosen) => onChange(chosen === none ? null : chosen)}
      error={error}
      allowDeselect={false}
      mb="md"
    />
  );
}
