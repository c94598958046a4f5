import { useMutation } from '@tanstack/react-query';
import type { DraftTest } from '../../src/api/contract/connector.ts';
import { testConnector } from '../api/connectors.ts';
import { Notice } from '../parts/notice.tsx';
import classes from './call-it.module.css';
import { TestButton } from './test-button.tsx';
import { TestOutcome } from './test-outcome.tsx';

export interface TestConnectorProps {
  readonly connectorId: string;
  readonly kind: DraftTest['tested'];
}

const notes = {
  connection: 'Connects with the saved settings. Reads and writes nothing.',
  delivery: 'Sends a sample result to the saved target, signed like a real one.',
};

/** Tests a connector as saved and shows the outcome. */
export function TestConnector({ connectorId, kind }: TestConnectorProps) {
  const test = useMutation({ mutationFn: () => testConnector(connectorId, kind) });
  return (
    <div>
      <p className={classes.note}>{notes[kind]}</p>
      <TestButton kind={kind} isPending={test.isPending} onClick={() => test.mutate()} />
      {test.error !== null && <Notice tone="bad" title={test.error.message} />}
      {test.data !== undefined && <TestOutcome test={test.data} />}
    </div>
  );
}
