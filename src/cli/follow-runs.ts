import type * as z from 'zod';
import { wireRunSummary } from '../api/contract/index.ts';
import { runStatuses } from '../core/runs/run.ts';
import { followEvents } from './follow-events.ts';
import type { CommandContext } from './open-context.ts';
import type { Colours } from './output.ts';
import { oneLine } from './printable.ts';
import { statusText } from './render/run-text.ts';
import { elapsed, localTime } from './time-text.ts';

/** The runs to watch; an undefined field matches any run. */
export interface WantedRuns {
  readonly statuses: readonly string[] | undefined;
  readonly agentName: string | undefined;
  readonly connectorId: string | undefined;
}

const changedRun = wireRunSummary.partial().required({ run_id: true, agent_name: true, status: true });

/** Prints every change of a wanted run as it happens, until the process ends. */
export async function followRuns({ api, output }: CommandContext, wanted: WantedRuns): Promise<void> {
  for await (const event of followEvents(api, output)) {
    const run = changedRun.safeParse(event.summary);
    if (event.type !== 'run.updated' || !run.success || !isWanted(run.data, wanted)) continue;
    output.line(run.data, (paint) => changeText(run.data, paint));
  }
}

function changeText(run: ChangedRun, paint: Colours): string {
  const parts = [
    paint.dim(localTime(new Date().toISOString()).slice(11)),
    run.run_id,
    statusText(run.status, paint, longestStatus),
    run.agent_name,
    run.ended_at ? paint.dim(elapsed(run.started_at ?? null, run.ended_at)) : '',
    run.error ? paint.red(oneLine(run.error.message, 100)) : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}

const longestStatus = Math.max(...runStatuses.map((status) => status.length));

type ChangedRun = z.infer<typeof changedRun>;

function isWanted(run: ChangedRun, { statuses, agentName, connectorId }: WantedRuns): boolean {
  if (statuses !== undefined && !statuses.includes(run.status)) return false;
  if (agentName !== undefined && run.agent_name !== agentName) return false;
  return connectorId === undefined || run.connector_id === connectorId;
}
