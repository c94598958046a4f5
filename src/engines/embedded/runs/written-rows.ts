import type { Lease, QueuedDispatch, RunEnd } from '../../../core/ports/run-store.ts';
import type { Run } from '../../../core/runs/run.ts';
import type { Trigger } from '../../../core/triggers/trigger.ts';
import type { StoredText } from '../store/payload-files.ts';
import type { DispatchRows, RunRow, TriggerRow } from '../writes/dispatch-runs.ts';
import type { EndRows } from '../writes/end-runs.ts';
import { flatRows } from '../writes/flat-rows.ts';

/**
 * Dispatches as the writer takes them.
 * @param payloads of each, stored already
 * @param lease of the executor that holds all of the runs from the beginning
 */
export function dispatchRows(
  dispatches: readonly QueuedDispatch[],
  payloads: readonly StoredText[],
  lease: Lease | null,
): DispatchRows {
  return {
    triggers: flatRows(
      10,
      dispatches.map(({ trigger, runs }, index) => triggerRow(trigger, payloads[index], runs.length)),
    ),
    runs: flatRows(
      4,
      dispatches.flatMap(({ runs }) => runs.map(runRow)),
    ),
    repeats: dispatches.map(({ repeat }) => repeat),
    lease,
  };
}

function triggerRow(trigger: Trigger, payload: StoredText | undefined, runs: number): TriggerRow {
  const { triggerId, connectorId, receivedAt, context, modelInput, warnings, origin } = trigger;
  return [
    triggerId,
    connectorId,
    receivedAt,
    payload?.text ?? null,
    payload?.file ?? null,
    Object.keys(context).length === 0 ? null : JSON.stringify(context),
    modelInput,
    warnings.length === 0 ? null : JSON.stringify(warnings),
    origin === undefined ? null : JSON.stringify(origin),
    runs,
  ];
}

function runRow({ runId, agentName, parentRunId, concurrencyKey }: Run): RunRow {
  return [runId, agentName, parentRunId, concurrencyKey];
}

function resultOf({ context, warnings }: RunEnd): EndRows['result'] {
  if (context === null && warnings === null) return null;
  return { context: JSON.stringify(context ?? {}), warnings: JSON.stringify(warnings ?? []) };
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
    result: resultOf(end),
    trace: trace.spans.length + trace.logs.length === 0 ? null : JSON.stringify(trace),
  };
}
