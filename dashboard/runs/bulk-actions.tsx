import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import type { WireRunSummary } from '../../src/api/contract/run.ts';
import { cancelRun, runAgain } from '../api/runs.ts';
import { counted } from '../format/numbers.ts';
import classes from './bulk-actions.module.css';
import { forEachAtOnce } from './for-each-at-once.ts';
import { mayCancel } from './may-cancel.ts';

export interface BulkActionsProps {
  readonly selected: readonly WireRunSummary[];
  readonly onDone: () => void;
}

/** Cancels the selected runs, or runs them again. */
export function BulkActions({ selected, onDone }: BulkActionsProps) {
  const unended = selected.filter(mayCancel);
  const cancel = useBulk('cancelled', cancelRun, onDone);
  const again = useBulk('started again', runAgain, onDone);
  if (selected.length === 0) return null;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Selected runs">
      <span>{selected.length} selected</span>
      <Button
        variant="default"
        disabled={unended.length === 0}
        loading={cancel.isPending}
        onClick={() => cancel.mutate(unended)}
      >
        Cancel {counted(unended.length, 'run')}
      </Button>
      <Button variant="default" loading={again.isPending} onClick={() => again.mutate(selected)}>
        Run {counted(selected.length, 'run')} again
      </Button>
      <Button variant="subtle" onClick={onDone}>
        Clear selection
      </Button>
    </div>
  );
}

function useBulk(done: string, act: (id: string) => Promise<unknown>, onDone: () => void) {
  return useMutation({
    mutationFn: (runs: readonly WireRunSummary[]) => forEachAtOnce(runs, ({ run_id }) => act(run_id)),
    onSuccess: ({ succeeded, failures }) => {
      notifications.show({
        color: failures.length === 0 ? 'green' : 'red',
        message: `${succeeded} ${done}${failures.length === 0 ? '' : `, ${failures.length} failed: ${failures[0]?.message}`}`,
      });
      onDone();
    },
  });
}
