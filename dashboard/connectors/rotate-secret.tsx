import { Button, Group, Modal, Select, Text } from '@mantine/core';
import { useState } from 'react';

const overlaps = [
  { value: '0', label: 'Stops working now' },
  { value: '3600', label: 'Works for 1 more hour' },
  { value: '86400', label: 'Works for 1 more day' },
  { value: '604800', label: 'Works for 1 more week' },
];

export interface RotateSecretProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** @param graceSeconds how long the old secret stays valid */
  readonly onRotate: (graceSeconds: number) => void;
}

/** Asks how long the old secret stays valid after the rotation. */
export function RotateSecret({ opened, onClose, onRotate }: RotateSecretProps) {
  const [grace, setGrace] = useState('86400');
  const rotate = () => {
    onClose();
    onRotate(Number(grace));
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Rotate secret" size="sm">
      <Text size="sm" mb="sm">
        The connector gets a new secret. Keep the old one working until every caller has switched.
      </Text>
      <Select
        label="Old secret"
        data={overlaps}
        value={grace}
        onChange={(chosen) => chosen !== null && setGrace(chosen)}
        allowDeselect={false}
        data-autofocus
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={rotate}>Rotate</Button>
      </Group>
    </Modal>
  );
}
