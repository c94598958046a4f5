import * as z from 'zod';
import { Payload } from '../../../core/json/json-value.ts';
import type { Lease, RunEnd } from '../../../core/ports/run-store.ts';
import {
  type Interruption,
  interruptionRoles,
  type Run,
  type RunRecord,
  type RunStatus,
  type RunSummary,
  runStatuses,
} from '../../../core/runs/run.ts';
import { type ItemKey, idOf, listedAt, listKey, runKey, timeOf } from '../store/keys.ts';
import { type StoredBody, storedBody } from '../store/payload-objects.ts';
import type { Item } from '../store/table.ts';
import type { TriggerContent } from './stored-trigger.ts';

const tokenUsage = z.object({
  input: z.number(),
  output: z.number(),
  total: z.number(),
  cached: z.number(),
  reasoning: z.number(),
});

/** What statistics count of an ended run: one field, so that the index by time is written only at the end. */
export const counted = z.object({
  status: z.enum(runStatuses),
  startedAt: z.number().nullable().default(null),
  endedAt: z.number(),
  tokenUsage: tokenUsage.nullable().default(null),
  costUsd: z.number().nullable().default(null),
  model: z.string().nullable().default(null),
});

/**
 * The fields of a run that lists show. Fields that most runs lack, or that follow from other fields, are omitted:
 * DynamoDB bills writes per started kB, and a run with a small payload fits into one.
 */
export const storedSummary = z.object({
  /** Time and id, see `listedAt`. */
  listed: z.string(),
  agentName: z.string(),
  connectorId: z.string().nullable().default(null),
  triggerId: z.string(),
  parentRunId: z.string().nullable().default(null),
  status: z.enum(runStatuses),
  error: z.object({ code: z.string(), message: z.string() }).nullable().default(null),
  /** When the run is or was due, if it had to wait for a time. */
  scheduledAt: z.number().nullable().default(null),
  /** Set while the run is running. */
  startedAt: z.number().nullable().default(null),
  attempts: z.number().default(0),
  counted: counted.optional(),
});
type StoredSummary = z.infer<typeof storedSummary>;

/**
 * A run's record. The payload and related fields are in its trigger's record, or in this one's body (see
 * `dispatch-runs.ts`); output and trace have their own record (`run-records.ts`).
 */
export const storedRun = storedSummary.extend({
  ...storedBody.shape,
  concurrencyKey: z.string().nullable().default(null),
  cancelRequested: z.boolean().default(false),
  /** The runs that led to this one; absent if none did. */
  chain: z.array(z.string()).default([]),
  /** Unix ms from which a queued run may be claimed; absent if it may be claimed immediately. */
  availableAt: z.number().optional(),
  /** Who holds the run; absent while it is queued and after its end. */
  owner: z.string().optional(),
  leaseUntil: z.number().optional(),
  /** The run's role in the interruption if its owner vanishes. */
  ifLost: z.enum(interruptionRoles).default('suspect'),
  interruptions: z
    .array(z.object({ at: z.number(), role: z.enum(interruptionRoles), reason: z.string() }))
    .default([]),
  /** Whether budgets that count runs have counted this one. */
  budgeted: z.boolean().optional(),
  /** Whether the result is not delivered because the agent's code wants none; absent: no. */
  unpublished: z.boolean().optional(),
  /** Number of claims. Status and claims together identify one state of the run. */
  claims: z.number().default(0),
  /** Keys of the slots that the run occupies. */
  slots: z.array(z.string()).default([]),
  /** Key of the slot in which the run waits for a place; absent if it waits for none. */
  waitsFor: z.string().optional(),
  /** Id of the write that ended the run, and name of the record with its end content. */
  endId: z.string().optional(),
  /** `false` from the end until the run's deliveries are planned; absent if it has no receivers. */
  planned: z.boolean().optional(),
  deliveryIds: z.set(z.string()).optional(),
});
export type StoredRun = z.infer<typeof storedRun>;

/** The name of the record that the run's attempt writes, or wrote at its end. */
export function attemptNameOf({ endId, owner }: StoredRun): string | undefined {
  return endId ?? owner;
}

/** Time after which a queued run without a message is queued again, at the reconciler's next pass. */
export const announceGraceMs = 120_000;

/** The time of a run that waits in a hold: the reconciler has nothing to do for it. The end of time, Unix ms. */
export const heldDueAt = 8_640_000_000_000_000;

/**
 * The record of a new run; with a lease it is running from the start.
 *
 * @param body the content of the trigger's record, if the run has the only record
 */
export function newRunItem(
  run: Run,
  lease: Lease | null,
  expiresAt: number,
  body: StoredBody = {},
): Item & ItemKey {
  const { runId, agentName, connectorId, triggerId, parentRunId, queuedAt, scheduledAt, concurrencyKey } =
    run;
  const held =
    lease === null
      ? { status: run.status }
      : { ...heldBy(lease, { claims: 0, attempts: 0 }), startedAt: lease.now };
  return {
    ...runKey(runId),
    timeKey: listKey('RUN', runId),
    agentKey: listKey('RUN', runId, agentName),
    listed: listedAt(queuedAt, runId),
    agentName,
    triggerId,
    ...(connectorId === null ? {} : { connectorId, connectorKey: listKey('RUN', runId, connectorId) }),
    ...(parentRunId === null ? {} : { parentRunId }),
    ...(concurrencyKey === null ? {} : { concurrencyKey }),
    ...(run.chain.length === 0 ? {} : { chain: run.chain }),
    ...held,
    ...(scheduledAt === null
      ? { ...openPlace(runId), dueAt: dueAtOf(run, lease) }
      : { ...scheduledPlace(runId), ...dueFields(scheduledAt) }),
    ...body,
    expiresAt,
  };
}

/** When the reconciler looks at a new run that is not scheduled. */
function dueAtOf({ queuedAt }: Run, lease: Lease | null): number {
  return lease?.until ?? queuedAt + announceGraceMs;
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

/** The fields of a run whose attempt was interrupted. The attempt counts only if the run itself was the culprit. */
export function interruptedBy(
  { interruptions, attempts }: StoredRun,
  interruption: Interruption,
): Pick<StoredRun, 'interruptions' | 'attempts'> {
  return {
    interruptions: [...interruptions, interruption],
    attempts: interruption.role === 'culprit' ? attempts : attempts - 1,
  };
}

/** The list place of a run that has not ended, or whose deliveries are not planned. */
export function openPlace(runId: string): { readonly stateKey: string } {
  return { stateKey: listKey('OPEN-RUN', runId) };
}

/** The list place of a run that waits for its time. */
export function scheduledPlace(runId: string): { readonly stateKey: string } {
  return { stateKey: listKey('RUN', runId, 'scheduled' satisfies RunStatus) };
}

/** The fields of a run that say when it is due. */
export function dueFields(scheduledAt: number): Pick<StoredRun, 'availableAt' | 'scheduledAt'> {
  return { availableAt: scheduledAt, scheduledAt };
}

/** Since when the run could have started, Unix ms. */
export function dueSince(stored: StoredSummary): number {
  return stored.scheduledAt ?? queuedAtOf(stored);
}

/**
 * The change that closes a run: moves it to the list of its end status, or removes it from every list by state if it
 * has completed.
 */
export function closedPlace(
  runId: string,
  status: RunStatus,
): { readonly set: { readonly stateKey?: string }; readonly remove: readonly string[] } {
  const lookedAt = ['dueAt', 'announcements'];
  return status === 'completed'
    ? { set: {}, remove: ['stateKey', ...lookedAt] }
    : { set: { stateKey: listKey('RUN', runId, status) }, remove: lookedAt };
}

/** What statistics will count of this end; fields without a value are omitted. */
export function countedOf(startedAt: number | null, end: Omit<z.input<typeof counted>, 'startedAt'>) {
  const { status, endedAt, tokenUsage: usage, costUsd, model } = end;
  const values = { status, startedAt, endedAt, tokenUsage: usage, costUsd, model };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** The id in a run's record. */
export function runIdOf({ listed }: StoredSummary): string {
  return idOf(listed);
}

/** Time at which the run was queued, Unix ms. */
export function queuedAtOf({ listed }: StoredSummary): number {
  return timeOf(listed);
}

/** The fields of a run's record that lists show. */
export function summaryOf(stored: StoredSummary): RunSummary {
  const { agentName, connectorId, triggerId, parentRunId, status, error, attempts, counted: end } = stored;
  return {
    runId: runIdOf(stored),
    agentName,
    connectorId,
    triggerId,
    parentRunId,
    status,
    error,
    queuedAt: queuedAtOf(stored),
    scheduledAt: stored.scheduledAt,
    startedAt: end === undefined ? stored.startedAt : end.startedAt,
    endedAt: end?.endedAt ?? null,
    attempts,
    tokenUsage: end?.tokenUsage ?? null,
    costUsd: end?.costUsd ?? null,
    model: end?.model ?? null,
  };
}

/** What a run's own record says about it. */
export function recordOf(stored: StoredRun): RunRecord {
  const {
    concurrencyKey,
    cancelRequested,
    chain,
    waitsFor = null,
    interruptions,
    budgeted,
    unpublished,
  } = stored;
  const counted = budgeted === undefined ? {} : { budgeted };
  return {
    ...summaryOf(stored),
    ...{ concurrencyKey, cancelRequested, chain, waitsFor, interruptions },
    ...counted,
    ...(unpublished === true ? { publishes: false } : {}),
  };
}

/** The part of an end that is not in the run's record. */
export type EndContent = Pick<RunEnd, 'output' | 'context' | 'warnings'>;

/**
 * The whole run, from its record, its trigger content, and its end content.
 *
 * @param content `null` if it is no longer stored
 * @param end `null` if the run has not ended, or its end content is no longer stored
 */
export function runOf(stored: StoredRun, content: TriggerContent | null, end: EndContent | null): Run {
  const unreadable = {
    ...(content === null ? { payload: 'The payload of the run is no longer stored.' } : {}),
    ...(end === null && stored.endId !== undefined
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
    ...(content?.origin === undefined ? {} : { origin: content.origin }),
    ...(Object.keys(unreadable).length === 0 ? {} : { unreadable }),
  };
}
