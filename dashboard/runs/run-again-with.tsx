import type { WireRun } from '../../src/api/contract/run.ts';
import { useRunAgainWith } from '../api/runs.ts';
import { PayloadDialog } from '../parts/payload-dialog.tsx';

export interface RunAgainWithProps {
  readonly run: WireRun;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Runs a run again with an edited payload. */
export function RunAgainWith({ run, opened, onClose }: RunAgainWithProps) {
  const start = useRunAgainWith(run.run_id);
  return (
    <PayloadDialog
      title="Edit and run again"
      action="Start run"
      initial={JSON.stringify(run.payload, null, 2)}
      draftKey={`run ${run.run_id}`}
      opened={opened}
      onClose={onClose}
      start={start}
    />
  );
}
