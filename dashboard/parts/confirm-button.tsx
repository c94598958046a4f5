import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';

export interface ConfirmButtonProps {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly question: string;
  /** What happens on confirmation. */
  readonly consequence: string;
  readonly size?: ButtonProps['size'];
  readonly isPending: boolean;
  readonly onConfirm: () => void;
}

/** A button for an action that cannot be undone. It asks first and focuses the safe answer. */
export function ConfirmButton({
  label,
  icon,
  question,
  consequence,
  size,
  isPending,
  onConfirm,
}: ConfirmButtonProps) {
  const [opened, dialog] = useDisclosure(false);
  const confirm = () => {
    dialog.close();
    onConfirm();
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={icon}
        loading={isPending}
        onClick={dialog.open}
        {...(size !== undefined && { size })}
      >
        {label}
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={question} size="sm">
        <Text size="sm">{consequence}</Text>
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={dialog.close} data-autofocus>
            Cancel
          </Button>
          <Button color="red.9" onClick={confirm}>
            {label}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
