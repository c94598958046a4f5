import type { Origin } from '../connectors/origin.ts';
import type { OperationalEvent } from '../events/operational-event.ts';
import type { JsonObject, Payload } from '../json/json-value.ts';

export const runStatuses = ['scheduled', 'queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];
export type EndedStatus = Extract<RunStatus, 'completed' | 'failed' | 'cancelled'>;

export function hasEnded(status: RunStatus): status is EndedStatus {
  return status !== 'scheduled' && status !== 'queued' && status !== 'running';
}

export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly total: number;
  /** Part of `input` that the provider served from its cache. */
  readonly cached: number;
  /** Part of `output` that the model spent on reasoning. */
  readonly reasoning: number;
}

export interface RunError {
  /** kebab-case, stable: `timeout`, `model-error`, `tool-error`, `output-invalid`, `attempts-exhausted`, `interrupted`, ... */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
}

/** The fields of a run that lists show. Times are Unix ms. */
export interface RunSummary {
  /** UUIDv7, so that ids sort by time. */
  readonly runId: string;
  readonly agentName: string;
  readonly connectorId: string | null;
  readonly triggerId: string;
  /** The run that an operator ran again to start this one. */
  readonly parentRunId: string | null;
  readonly status: RunStatus;
  readonly error: RunError | null;
  readonly queuedAt: number;
  /** When the run is or was due; `null` if it did not have to wait for a time. */
  readonly scheduledAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Attempts so far, including the current one. Interrupted attempts count only if the run was the culprit. */
  readonly attempts: number;
  readonly tokenUsage: TokenUsage | null;
  /** `null` if the model has no price: unknown is not zero. */
  readonly costUsd: number | null;
  /** `provider/model` of the last model call. */
  readonly model: string | null;
}

/** A run without its payload, its output and other parts that may be large. */
export interface RunRecord extends RunSummary {
  /** Value of the agent's concurrency key in the payload; `null` if the agent has none. */
  readonly concurrencyKey: string | null;
  readonly cancelRequested: boolean;
  /** The runs that led to this one, each to the next, first one first. Their number is the run's depth. */
  readonly chain: readonly string[];
  /** Key of the slot or hold that the queued run waits for; `null` if it waits for none. */
  readonly waitsFor: string | null;
  /** Whether budgets that count runs have counted this one; absent: no. */
  readonly budgeted?: boolean;
  /** `false` if the code of the agent ended the run so that its result is not delivered; otherwise absent. */
  readonly publishes?: false;
  /** Interrupted attempts, oldest first. */
  readonly interruptions: readonly Interruption[];
}

/** One execution of one agent. */
export interface Run extends RunRecord {
  readonly payload: Payload;
  readonly modelInput: string | null;
  readonly output: string | null;
  readonly context: JsonObject;
  readonly warnings: readonly string[];
  /** Where to send the result back to; absent if it cannot be sent back. */
  readonly origin?: Origin;
  /** Why an existing part is shown as `null`: its storage is gone or damaged. Absent if everything could be read. */
  readonly unreadable?: UnreadableParts;
}

/** One sentence each. */
interface UnreadableParts {
  readonly payload?: string;
  readonly output?: string;
}

/** A run in a terminal state: the source of deliveries. */
export type EndedRun = Run & {
  readonly status: EndedStatus;
  readonly endedAt: number;
  /** The event that is to be delivered in place of a result. */
  readonly event?: OperationalEvent;
  /** The message that an agent sends in place of a result. */
  readonly message?: JsonObject;
};

/** The wire shape of an ended run, as outbound connectors deliver it. */
interface RunEnvelope {
  readonly run_id: string;
  readonly agent_name: string;
  readonly status: EndedStatus;
  readonly output: string | null;
  readonly error: string | null;
  /** ISO 8601. */
  readonly started_at: string | null;
  readonly ended_at: string;
  readonly token_usage: SentTokenUsage;
}

/** Tokens, in the form that callers and receivers get. */
type SentTokenUsage = {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
};

/** What receivers get as data: an operational event or a message as it is, otherwise the envelope of the run. */
export function deliveredData(run: EndedRun): RunEnvelope | OperationalEvent | JsonObject {
  return run.event ?? run.message ?? runEnvelope(run);
}

/** What receivers get of a run: not its payload, its context or its trace. */
export function runEnvelope(run: EndedRun): RunEnvelope {
  return {
    run_id: run.runId,
    agent_name: run.agentName,
    status: run.status,
    output: run.output,
    error: run.error?.message ?? null,
    started_at: run.startedAt === null ? null : new Date(run.startedAt).toISOString(),
    ended_at: new Date(run.endedAt).toISOString(),
    token_usage: sentTokenUsage(run),
  };
}

/** Zeros for a run that has asked no model. */
export function sentTokenUsage({ tokenUsage }: Pick<Run, 'tokenUsage'>): SentTokenUsage {
  return {
    input_tokens: tokenUsage?.input ?? 0,
    output_tokens: tokenUsage?.output ?? 0,
    total_tokens: tokenUsage?.total ?? 0,
  };
}

/**
 * The role of an interrupted run. A `culprit` crashed its executor, in which it was the only run. A `suspect` shared
 * the executor that crashed, and any of its runs may be the cause. A `bystander` is not the cause: another run is, the
 * platform failed, or an operator stopped the process.
 */
export const interruptionRoles = ['culprit', 'suspect', 'bystander'] as const;
export type InterruptionRole = (typeof interruptionRoles)[number];

/** The end of an attempt that did not end its run. */
export interface Interruption {
  /** Unix ms. */
  readonly at: number;
  readonly role: InterruptionRole;
  /** What happened, without a period: "its thread ended: out of memory". */
  readonly reason: string;
}

/** How isolated a run is: in a thread with others, alone in a thread, or in a process of its own. */
export type Isolation = 'shared' | 'thread' | 'process';

/** Interruptions caused by others after which a run fails. */
const maxByOthers = 20;
/** Interruptions as a suspect after which a run is isolated. */
const ownThreadAfter = 2;
const ownProcessAfter = 3;
/** Characters of a reason that are kept: all reasons are in the run's record, and in its error. */
const reasonLength = 300;

/** @param at Unix ms */
export function interruptionOf(role: InterruptionRole, reason: string, at: number): Interruption {
  return { at, role, reason: reason.length > reasonLength ? `${reason.slice(0, reasonLength)}…` : reason };
}

/** How isolated the next attempt is, so that a run that crashes its executor is identified and affects no other run. */
export function isolationOf(interruptions: readonly Interruption[]): Isolation {
  if (interruptions.some(({ role }) => role === 'culprit')) return 'process';
  const suspicions = interruptions.filter(({ role }) => role === 'suspect').length;
  if (suspicions >= ownProcessAfter) return 'process';
  return suspicions >= ownThreadAfter ? 'thread' : 'shared';
}

/** The error of a run that is not retried. */
export interface GivenUp {
  readonly code: 'attempts-exhausted' | 'interrupted';
  readonly message: string;
}

/** Why a run is not retried; `null` if it is. Only interruptions that it caused itself count against `maxAttempts`. */
export function whyGivenUp(interruptions: readonly Interruption[], maxAttempts: number): GivenUp | null {
  const broken = interruptions.filter(({ role }) => role === 'culprit');
  if (broken.length >= maxAttempts) {
    const times = broken.length === 1 ? 'The attempt' : `All ${broken.length} attempts`;
    const message = `${times} of the run crashed its worker: ${listed(broken)}.`;
    return { code: 'attempts-exhausted', message };
  }
  const byOthers = interruptions.length - broken.length;
  if (byOthers < maxByOthers) return null;
  const last = interruptions.at(-1)?.reason ?? '';
  return {
    code: 'interrupted',
    message: `The run was interrupted ${byOthers} times by other causes. The last time, ${last}.`,
  };
}

/** What happened each time; equal reasons are given once. */
function listed(interruptions: readonly Interruption[]): string {
  const reasons = [...new Set(interruptions.map(({ reason }) => reason))];
  if (reasons.length === 1) return reasons.join('');
  return interruptions.map(({ reason }, index) => `(${index + 1}) ${reason}`).join('; ');
}
