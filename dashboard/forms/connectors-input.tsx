import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useConnectors } from '../api/connectors.ts';

/** Selects inbound and sync connectors by name; the value is their IDs. */
export function ConnectorsInput(props: MultiSelectProps) {
  const connectors = useConnectors();
  const inbound = connectors.data?.filter(({ mode }) => mode !== 'outbound') ?? [];
  return (
    <MultiSelect
      {...props}
      data={inbound.map(({ id, name, mode }) => ({ value: id, label: `${name} (${mode})` }))}
      placeholder={props.value?.length === 0 ? 'From anywhere' : ''}
      searchable
    />
  );
}
