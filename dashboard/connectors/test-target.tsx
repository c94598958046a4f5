import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { testConnector } from '../api/connectors.ts';
import { durationText } from '../format/duration.ts';
import { Notice } from '../parts/notice.tsx';
import classes from './call-it.module.css';
import { TestOutcome } from './test-outcome.tsx';

/** Sends one made-up result to an outbound connector's target, and shows what the target did with it. */
export function TestTarget({ connectorId }: { connectorId: string }) {
  const test = useMutation({ mutationFn: () => testConnector(connectorId) });
  return (
    <section className={classes.section} aria-label="Try it">
      <h2 className={classes.heading}>Try it</h2>
      <p className={classes.note}>Sends a sample result to the saved target, signed like a real one.</p>
      <Button
        variant="default"
        mt="xs"
        mb="sm"
        leftSection={<IconSend size={14} />}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        Send a test result
      </Button>
      {test.error !== null && <Notice tone="bad" title={test.error.message} />}
      {test.data !== undefined && (
        <TestOutcome
          status={test.data.delivered ? 'delivered' : 'failed'}
          text={test.data.error ?? `The target accepted it in ${durationText(test.data.duration_ms)}.`}
          excerpt={test.data.response_excerpt}
        />
      )}
    </section>
  );
}
