import { Button } from '@mantine/core';
import { useClipboard, useDisclosure } from '@mantine/hooks';
import { IconPencil, IconPlayerStop, IconRepeat, IconTerminal2 } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { WireRun } from '../../src/api/contract/run.ts';
import { useCancelRun, useRunAgain } from '../api/runs.ts';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { mayCancel } from './may-cancel.ts';
import { Reschedule } from './reschedule.tsx';
import { RunAgainWith } from './run-again-with.tsx';
import { runCommand } from './run-command.ts';
import { showFailure } from './show-failure.ts';

/** Actions for a run: run again, change its time, cancel, or copy a shell command. */
export function RunActions({ run }: { run: WireRun }) {
  const [, goTo] = useLocation();
  const again = useRunAgain();
  const cancel = useCancelRun();
  const [isEditing, editor] = useDisclosure(false);
  const clipboard = useClipboard({ timeout: 1_500 });
  return (
    <>
      <OperatorsOnly>
        {' '}
        {run.status === 'scheduled' && <Reschedule run={run} />}
        {mayCancel(run) && (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={14} />}
            loading={cancel.isPending}
            disabled={run.cancel_requested}
            onClick={() => cancel.mutate(run.run_id, { onError: showFailure })}
          >
            Cancel
          </Button>
        )}
      </OperatorsOnly>{' '}
      <Button
        variant="default"
        leftSection={<IconTerminal2 size={14} />}
        onClick={() => clipboard.copy(runCommand(run, window.location.origin))}
      >
        {clipboard.copied ? 'Copied' : 'Copy as curl'}
      </Button>
      <OperatorsOnly>
        {' '}
        <Button variant="default" leftSection={<IconPencil size={14} />} onClick={editor.open}>
          Edit and run again
        </Button>{' '}
        <RunAgainWith run={run} opened={isEditing} onClose={editor.close} />
        <Button
          leftSection={<IconRepeat size={14} />}
          loading={again.isPending}
          onClick={() =>
            again.mutate(run.run_id, {
              onSuccess: ({ run_id }) => goTo(`/runs/${run_id}`),
              onError: showFailure,
            })
          }
        >
          Run again
        </Button>
      </OperatorsOnly>
    </>
  );
}
