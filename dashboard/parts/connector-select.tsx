import { Select } from '@mantine/core';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useConnectors } from '../api/connectors.ts';

export interface ConnectorSelectProps {
  /** Which connectors there are to select. */
  readonly isShown: (connector: WireConnector) => boolean;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}

/** Filters a list by connector. */
export function ConnectorSelect({ isShown, value, onChange }: ConnectorSelectProps) {
  const connectors = useConnectors();
  const shown = connectors.data?.filter(isShown) ?? [];
  return (
    <Select
      aria-label="Connector"
      placeholder="Any connector"
      data={shown.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      size="xs"
      clearable
      searchable
    />
  );
}
