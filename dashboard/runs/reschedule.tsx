import { Button, Group, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconClock, IconPlayerPlay } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { WireRun } from '../../src/api/contract/run.ts';
import { useReschedule } from '../api/runs.ts';
import { TimeInput } from '../parts/time-input.tsx';
import { showFailure } from './show-failure.ts';

/** Starts a scheduled run now, or changes when it is due. */
export function Reschedule({ run }: { run: WireRun }) {
  const reschedule = useReschedule(run.run_id);
  const [isChanging, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconClock size={14} />} onClick={dialog.open}>
        Change time
      </Button>{' '}
      <ChangeTime run={run} opened={isChanging} onClose={dialog.close} />
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={14} />}
        loading={reschedule.isPending}
        onClick={() => reschedule.mutate({ delay_seconds: 0 }, { onError: showFailure })}
      >
        Run now
      </Button>{' '}
    </>
  );
}

function ChangeTime({ run, opened, onClose }: { run: WireRun; opened: boolean; onClose: () => void }) {
  const reschedule = useReschedule(run.run_id);
  const [at, setAt] = useState(run.scheduled_at ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reschedule.mutate({ at }, { onSuccess: onClose });
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Change time">
      <form onSubmit={submit}>
        <TimeInput label="Start at" isLabelled error={reschedule.error?.message} iso={at} onChange={setAt} />
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={reschedule.isPending} disabled={at === ''}>
            Change time
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
