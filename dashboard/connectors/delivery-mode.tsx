import { Select } from '@mantine/core';
import type { WireDeliveryMode } from '../../src/api/contract/connector.ts';

/** What an outbound connector delivers, in words. */
export const deliveryWords: Readonly<Record<WireDeliveryMode, string>> = {
  automatic: 'Results of its agents',
  tool: 'What models send with a tool',
  code: 'What tools and middleware send',
};

const modes = ['automatic', 'tool', 'code'] as const satisfies readonly WireDeliveryMode[];

export interface DeliverySelectProps {
  readonly value: WireDeliveryMode;
  readonly error: string | undefined;
  readonly onChange: (mode: WireDeliveryMode) => void;
}

/** Chooses what an outbound connector delivers. */
export function DeliverySelect({ value, error, onChange }: DeliverySelectProps) {
  return (
    <Select
      label="Delivers"
      description={
        {
          automatic: 'Every result of the linked agents.',
          tool: 'No results. The models of the linked agents get a tool that sends a message.',
          code: 'No results. Code of the linked agents sends messages with send_connector.',
        }[value]
      }
      data={modes.map((mode) => ({ value: mode, label: deliveryWords[mode] }))}
      value={value}
      onChange={(chosen) => onChange(modes.find((mode) => mode === chosen) ?? value)}
      error={error}
      allowDeselect={false}
      mb="md"
    />
  );
}
