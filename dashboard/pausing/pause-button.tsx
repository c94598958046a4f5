import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPause } from '@tabler/icons-react';
import { useChangePause } from '../api/pauses.ts';
import { Notice } from '../parts/notice.tsx';

export interface PauseButtonProps {
  /** Path in the API. */
  readonly path: string;
  /** What it pauses: `this connector`. */
  readonly what: string;
  /** What waits then, in one sentence. */
  readonly consequence: string;
  readonly label?: string;
  /** Whether its subject is still loading. */
  readonly isDisabled?: boolean;
}

/** Pauses something, after a question. */
export function PauseButton({
  path,
  what,
  consequence,
  label = 'Pause',
  isDisabled = false,
}: PauseButtonProps) {
  const [opened, dialog] = useDisclosure(false);
  const change = useChangePause(path);
  const pause = () => change.mutate({ paused: true }, { onSuccess: dialog.close });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerPause size={14} />}
        onClick={dialog.open}
        disabled={isDisabled}
      >
        {label}
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={`Pause ${what}?`} size="sm">
        <Text size="sm">{consequence}</Text>
        {change.error !== null && <Notice tone="bad" title={change.error.message} />}
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={dialog.close} data-autofocus>
            Cancel
          </Button>
          <Button loading={change.isPending} onClick={pause}>
            Pause
          </Button>
        </Group>
      </Modal>
    </>
  );
}
