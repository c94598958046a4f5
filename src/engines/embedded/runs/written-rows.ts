import type { Dispatch, RunEnd } from '../../../core/ports/run-store.ts';
import type { StoredText } from '../payload-files.ts';
import type { DispatchRows } from '../writes/dispatch-runs.ts';
import type { EndRows } from '../writes/end-runs.ts';

/** A dispatch as the writer takes it. */
export function dispatchRows({ trigger, runs, repeat, lease }: Dispatch, payload: StoredText): DispatchRows {
  const { triggerId, connectorId, receivedAt, context, modelInput, warnings } = trigger;
  return {
    triggerId,
    connectorId,
    receivedAt,
    payload,
    context: Object.keys(context).length === 0 ? null : JSON.stringify(context),
    modelInput,
    warnings: warnings.length === 0 ? null : JSON.stringify(warnings),
    runs: runs.map((run) => [run.runId, run.agentName, run.parentRunId, run.concurrencyKey]),
    repeat,
    lease,
  };
}

/** The end of a run as the writer takes it. */
export function endRows(end: RunEnd, output: StoredText | null): EndRows {
  const { error, tokenUsage, trace } = end;
  return {
    columns: [
      end.status,
      end.endedAt,
      error?.code ?? null,
      error?.message ?? null,
      tokenUsage?.input ?? null,
      tokenUsage?.output ?? null,
      tokenUsage?.total ?? null,
      tokenUsage?.cached ?? null,
      tokenUsage?.reasoning ?? null,
      end.costUsd,
      end.model,
    ],
    output,
    context: JSON.stringify(end.context),
    warnings: JSON.stringify(end.warnings),
    trace: trace.spans.length + trace.logs.length === 0 ? null : JSON.stringify(trace),
  };
}
