import * as z from 'zod';
import { type Interruption, interruption, interruptionRoles } from '../../core/interruption.ts';
import { jsonObject } from '../../core/json-value.ts';
import { Payload } from '../../core/payload.ts';
import type { Lease, RunEnd } from '../../core/ports/run-store.ts';
import { type Run, type RunRecord, type RunStatus, type RunSummary, runStatuses } from '../../core/run.ts';
import { jsonText } from './json-text.ts';
import { type ItemKey, listedAt, listKey, runKey } from './keys.ts';
import { type PayloadObjects, type StoredBody, storedBody } from './payload-objects.ts';
import type { TriggerRecords } from './stored-trigger.ts';
import type { Item } from './table.ts';

const tokenUsage = z.object({
  input: z.number(),
  output: z.number(),
  total: z.number(),
  cached: z.number(),
  reasoning: z.number(),
});

export const storedSummary = z.object({
  runId: z.string(),
  agentName: z.string(),
  connectorId: z.string().nullable(),
  triggerId: z.string(),
  parentRunId: z.string().nullable(),
  status: z.enum(runStatuses),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  queuedAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  attempts: z.number(),
  tokenUsage: tokenUsage.nullable(),
  costUsd: z.number().nullable(),
  model: z.string().nullable(),
});

/** A run's record. Payload and the like stand in its trigger's record; the body appears when it ends. */
export const storedRun = storedSummary.extend({
  ...storedBody.shape,
  concurrencyKey: z.string().nullable(),
  cancelRequested: z.boolean(),
  /** Unix ms from which a queued run may be claimed. */
  availableAt: z.number(),
  /** Who holds it, or who ended it; absent while queued. */
  owner: z.string().optional(),
  leaseUntil: z.number().optional(),
  /** What the run had to do with it, should its owner vanish. */
  ifLost: z.enum(interruptionRoles).default('suspect'),
  interruptions: z.array(interruption).default([]),
  /** Counts the claims, so that status and claims together name one state of the run. */
  claims: z.number().default(0),
  /** Keys of the slots that the run takes up. */
  slots: z.array(z.string()),
  /** Names the one write that ended the run. */
  endId: z.string().optional(),
  /** Set at the end; `true` once the run's deliveries are planned. */
  planned: z.boolean().optional(),
  deliveryIds: z.set(z.string()).optional(),
});
export type StoredRun = z.infer<typeof storedRun>;

/** The body of an ended run. */
const storedEnd = z.object({
  output: z.string().nullable(),
  context: jsonObject.nullable(),
  warnings: z.array(z.string()).nullable(),
});
export type StoredEnd = Pick<RunEnd, 'output' | 'context' | 'warnings'>;

/** A queued run without a message is sent to the queue again after this, at the reconciler's next look. */
export const announceGraceMs = 120_000;

/** The record of a new run; with a lease it is running from the start. */
export function newRunItem(run: Run, lease: Lease | null, expiresAt: number): Item & ItemKey {
  const { runId, agentName, connectorId, queuedAt } = run;
  const held = lease === null ? { status: 'queued' as const } : heldBy(lease, { claims: 0, attempts: 0 });
  return {
    ...runKey(runId),
    timeKey: listKey('RUN', runId),
    agentKey: listKey('RUN', runId, agentName),
    ...(connectorId === null ? {} : { connectorKey: listKey('RUN', runId, connectorId) }),
    listed: listedAt(queuedAt, runId),
    ...summaryOf(run),
    concurrencyKey: run.concurrencyKey,
    cancelRequested: false,
    availableAt: queuedAt,
    slots: [],
    interruptions: [],
    claims: 0,
    ...(lease === null ? {} : { startedAt: lease.now }),
    ...held,
    ...placeOf(runId, held.status),
    dueKey: listKey('RUN', runId),
    dueAt: lease?.until ?? queuedAt + announceGraceMs,
    announcements: 0,
    expiresAt,
  };
}

/** The fields of a run that `lease` holds. */
export function heldBy(
  { owner, until, ifLost }: Lease,
  { claims, attempts }: Pick<StoredRun, 'claims' | 'attempts'>,
): Pick<StoredRun, 'owner' | 'leaseUntil' | 'ifLost' | 'claims' | 'attempts'> & {
  readonly status: 'running';
} {
  return {
    status: 'running',
    owner,
    leaseUntil: until,
    ifLost,
    claims: claims + 1,
    attempts: attempts + 1,
  };
}

/** The fields of a run whose attempt broke off: it counts where the run itself was the culprit. */
export function interruptedBy(
  { interruptions, attempts }: StoredRun,
  interruption: Interruption,
): Pick<StoredRun, 'interruptions' | 'attempts'> {
  return {
    interruptions: [...interruptions, interruption],
    attempts: interruption.role === 'culprit' ? attempts : attempts - 1,
  };
}

/** The place of a run in the lists by status. */
export function placeOf(runId: string, status: RunStatus): { readonly statusKey: string } {
  return { statusKey: listKey('RUN', runId, status) };
}

/** What lists show of a run's record. */
export function summaryOf(run: RunSummary): RunSummary {
  const { runId, agentName, connectorId, triggerId, parentRunId, status, error, queuedAt } = run;
  const { startedAt, endedAt, attempts, tokenUsage: usage, costUsd, model } = run;
  return {
    runId,
    agentName,
    connectorId,
    triggerId,
    parentRunId,
    status,
    error,
    queuedAt,
    startedAt,
    endedAt,
    attempts,
    tokenUsage: usage,
    costUsd,
    model,
  };
}

/** What is known of a run by its own record. */
export function recordOf(stored: RunRecord): RunRecord {
  const { concurrencyKey, cancelRequested, interruptions } = stored;
  return { ...summaryOf(stored), concurrencyKey, cancelRequested, interruptions };
}

/** Puts a run together from its record, its trigger's and what its end left. */
export async function loadRun(
  stored: RunRecord & StoredBody,
  triggers: TriggerRecords,
  objects: PayloadObjects,
): Promise<Run> {
  const [content, endText] = await Promise.all([triggers.contentOf(stored.triggerId), objects.read(stored)]);
  const end = endText === null ? null : storedEnd.parse(jsonText.parse(endText));
  const unreadable = {
    ...(content === null ? { payload: 'The payload of the run is no longer stored.' } : {}),
    ...(end === null && stored.bodyObject !== undefined
      ? { output: 'The output of the run is no longer stored.' }
      : {}),
  };
  return {
    ...recordOf(stored),
    payload: content?.payload ?? new Payload('null'),
    modelInput: content?.modelInput ?? null,
    output: end?.output ?? null,
    context: end?.context ?? content?.context ?? {},
    warnings: end?.warnings ?? content?.warnings ?? [],
    ...(Object.keys(unreadable).length === 0 ? {} : { unreadable }),
  };
}
