import { Button } from '@mantine/core';
import { IconPlugConnected, IconSend } from '@tabler/icons-react';
import type { DraftTest } from '../../src/api/contract/connector.ts';

export interface TestButtonProps {
  readonly kind: DraftTest['tested'];
  readonly isPending: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

const texts = { connection: 'Test the connection', delivery: 'Send a test result' };
const icons = { connection: IconPlugConnected, delivery: IconSend };

/** Starts the test of a connector or a draft. */
export function TestButton({ kind, isPending, isDisabled = false, onClick }: TestButtonProps) {
  const TestIcon = icons[kind];
  return (
    <Button
      variant="default"
      mt="xs"
      mb="sm"
      leftSection={<TestIcon size={14} />}
      loading={isPending}
      disabled={isDisabled}
      onClick={onClick}
    >
      {texts[kind]}
    </Button>
  );
}
