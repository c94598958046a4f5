import type { WireRunSummary } from '../../src/api/contract/run.ts';

/** Whether a run has not ended, so that it can still be cancelled. */
export function mayCancel({ status }: Pick<WireRunSummary, 'status'>): boolean {
  return status === 'scheduled' || status === 'queued' || status === 'running';
}
