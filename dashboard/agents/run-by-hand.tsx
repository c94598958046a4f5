import { useState } from 'react';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import { useStartRun } from '../api/agents.ts';
import { PayloadDialog } from '../parts/payload-dialog.tsx';
import { TimeInput } from '../parts/time-input.tsx';

export interface RunByHandProps {
  readonly agent: WireAgent;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Starts a run, now or later, with a payload from the editor, which starts with the agent's sample. */
export function RunByHand({ agent, opened, onClose }: RunByHandProps) {
  const { name, sample_payload: sample } = agent;
  const [at, setAt] = useState('');
  return (
    <PayloadDialog
      title={`Run ${name}`}
      action={at === '' ? 'Start run' : 'Schedule run'}
      initial={JSON.stringify(sample, null, 2)}
      draftKey={`agent ${name}`}
      opened={opened}
      onClose={onClose}
      start={useStartRun(name, at)}
    >
      <TimeInput
        label="Start at"
        isLabelled
        description="Leave empty to start the run now."
        iso={at}
        onChange={setAt}
      />
    </PayloadDialog>
  );
}
