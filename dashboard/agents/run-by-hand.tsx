import type { WireAgent } from '../../src/api/contract/agent.ts';
import { useStartRun } from '../api/agents.ts';
import { PayloadDialog } from '../parts/payload-dialog.tsx';

export interface RunByHandProps {
  readonly agent: WireAgent;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Starts a run with a payload from the editor, which starts with the agent's sample. */
export function RunByHand({ agent, opened, onClose }: RunByHandProps) {
  const { name, sample_payload: sample } = agent;
  return (
    <PayloadDialog
      title={`Run ${name}`}
      action="Start run"
      initial={JSON.stringify(sample, null, 2)}
      draftKey={`agent ${name}`}
      opened={opened}
      onClose={onClose}
      start={useStartRun(name)}
    />
  );
}
