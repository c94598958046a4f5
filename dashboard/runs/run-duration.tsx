import type { WireRunSummary } from '../../src/api/contract/run.ts';
import { durationBetween, durationText } from '../format/duration.ts';
import { useSeconds } from '../parts/time-text.tsx';

/** How long a run took, or has been running. */
export function RunDuration({ run }: { run: Pick<WireRunSummary, 'started_at' | 'ended_at'> }) {
  const durationMs = durationBetween(run.started_at, run.ended_at);
  if (durationMs !== null) return durationText(durationMs);
  return run.started_at === null ? '–' : <RunningFor startedAt={run.started_at} />;
}

function RunningFor({ startedAt }: { startedAt: string }) {
  const now = useSeconds();
  return `${durationText(Math.max(0, now - Date.parse(startedAt)))} …`;
}
