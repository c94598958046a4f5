import { Button } from '@mantine/core';
import { useSendThrough } from '../api/triggers.ts';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './send-through.module.css';

/** Starts the runs of a filtered event after all. */
export function SendThrough({ triggerId }: { triggerId: string }) {
  const send = useSendThrough(triggerId);
  return (
    <OperatorsOnly>
      {send.error !== null && (
        <span className={classes.failure} role="alert">
          {send.error.message}
        </span>
      )}
      <Button variant="default" size="xs" loading={send.isPending} onClick={() => send.mutate()}>
        Send through
      </Button>
    </OperatorsOnly>
  );
}
