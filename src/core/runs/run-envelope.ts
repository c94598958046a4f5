import type { EndedRun, EndedStatus } from './run.ts';

/** The wire shape of an ended run, as outbound connectors deliver it. */
export interface RunEnvelope {
  readonly run_id: string;
  readonly agent_name: string;
  readonly status: EndedStatus;
  readonly output: string | null;
  readonly error: string | null;
  /** ISO 8601. */
  readonly started_at: string | null;
  readonly ended_at: string;
  readonly token_usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly total_tokens: number;
  };
}

/** What receivers get of a run: nothing of its payload, its context or its trace. */
export function runEnvelope(run: EndedRun): RunEnvelope {
  return {
    run_id: run.runId,
    agent_name: run.agentName,
    status: run.status,
    output: run.output,
    error: run.error?.message ?? null,
    started_at: run.startedAt === null ? null : new Date(run.startedAt).toISOString(),
    ended_at: new Date(run.endedAt).toISOString(),
    token_usage: {
      input_tokens: run.tokenUsage?.input ?? 0,
      output_tokens: run.tokenUsage?.output ?? 0,
      total_tokens: run.tokenUsage?.total ?? 0,
    },
  };
}
