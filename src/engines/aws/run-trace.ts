import * as z from 'zod';
import { jsonObject } from '../../core/json-value.ts';
import { emptyTrace, logLevels, spanKinds, type Trace } from '../../core/trace.ts';
import { jsonText } from './json-text.ts';
import { traceKey } from './keys.ts';
import { objectPrefixes, storedBody } from './payload-objects.ts';
import { findRun, type RunRecords } from './run-records.ts';

const storedTrace = z.object({
  spans: z.array(
    z.object({
      spanId: z.string(),
      parentSpanId: z.string().nullable(),
      name: z.string(),
      kind: z.enum(spanKinds),
      startedAt: z.number(),
      endedAt: z.number().nullable(),
      status: z.enum(['running', 'ok', 'error']),
      error: z.string().nullable(),
      attributes: jsonObject,
    }),
  ),
  logs: z.array(
    z.object({ at: z.number(), level: z.enum(logLevels), source: z.string(), message: z.string() }),
  ),
});

/**
 * Stores the trace of one executor's attempt. Each has its own record, so that one that lost its run writes over
 * nobody's; a `live` trace that arrives late never replaces the one of the end.
 */
export async function writeTrace(
  records: RunRecords,
  runId: string,
  owner: string,
  trace: Trace,
  moment: 'live' | 'end',
): Promise<void> {
  const key = traceKey(runId, owner);
  const body = await records.objects.keep(
    `${objectPrefixes.traces}${runId}/${owner}-${moment}`,
    JSON.stringify(trace),
  );
  const item = { ...key, ...body, moment, expiresAt: records.retention.expiryOf(records.clock()) };
  const notEnded = {
    expression: 'attribute_not_exists(#pk) OR #moment = :live',
    values: { ':live': 'live' },
  };
  await records.table.put(item, moment === 'live' ? notEnded : undefined);
}

/** The trace of the attempt that ended the run, or that is going on. */
export async function readTrace(records: RunRecords, runId: string): Promise<Trace> {
  const run = await findRun(records, runId);
  if (run?.owner === undefined) return emptyTrace;
  const item = await records.table.get(traceKey(runId, run.owner));
  const text = item === null ? null : await records.objects.read(storedBody.parse(item));
  return text === null ? emptyTrace : storedTrace.parse(jsonText.parse(text));
}
