import { randomBytes } from 'node:crypto';
import type { Connector } from '../../src/core/connector.ts';
import type { Attempt, Delivery } from '../../src/core/delivery.ts';
import { uuidV4, uuidV7 } from '../../src/core/identifiers.ts';
import type { JsonValue } from '../../src/core/json-value.ts';
import type { Dispatch, Lease, RunEnd } from '../../src/core/ports/run-store.ts';
import { emptyTrace } from '../../src/core/trace.ts';

/** An id of the time `timeMs` (Unix). */
export function newId(timeMs: number): string {
  return uuidV7(timeMs, randomBytes);
}

export interface DispatchSample {
  readonly agents?: readonly string[];
  readonly payload?: JsonValue;
  readonly connectorId?: string | null;
  readonly triggerId?: string;
}

/** What `dispatchTrigger` hands to the run store. */
export function sampleDispatch(now: number, sample: DispatchSample = {}): Dispatch {
  const { agents = ['echo'], payload = { order: 'A-1' }, connectorId = null } = sample;
  const trigger = {
    triggerId: sample.triggerId ?? newId(now),
    connectorId,
    receivedAt: now,
    payload,
    context: { region: 'north' },
    modelInput: null,
    warnings: [],
  };
  const runs = agents.map((agentName) => ({
    runId: newId(now),
    agentName,
    connectorId,
    triggerId: trigger.triggerId,
    parentRunId: null,
    status: 'queued' as const,
    payload,
    modelInput: null,
    output: null,
    error: null,
    queuedAt: now,
    startedAt: null,
    endedAt: null,
    attempts: 0,
    tokenUsage: null,
    costUsd: null,
    context: trigger.context,
    warnings: [],
    model: null,
    concurrencyKey: null,
    cancelRequested: false,
  }));
  return { trigger, runs, repeat: null, lease: null };
}

export function sampleLease(now: number, slots: Lease['slots'] = []): Lease {
  return { owner: newId(now), now, until: now + 60_000, slots };
}

export function sampleEnd(endedAt: number, end: Partial<RunEnd> = {}): RunEnd {
  return {
    status: 'completed',
    endedAt,
    output: 'done',
    error: null,
    tokenUsage: null,
    costUsd: null,
    model: null,
    context: {},
    warnings: [],
    trace: emptyTrace,
    ...end,
  };
}

export function sampleConnector(now: number, connector: Partial<Connector> = {}): Connector {
  return {
    id: uuidV4(randomBytes),
    name: 'Orders',
    type: 'webhook',
    mode: 'inbound',
    config: {},
    secretFields: [],
    agents: ['echo'],
    enabled: true,
    disabledReason: null,
    secretHashes: [],
    failingSince: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
    ...connector,
  };
}

export function sampleDelivery(now: number, delivery: Partial<Delivery> = {}): Delivery {
  return {
    deliveryId: newId(now),
    runId: newId(now),
    agentName: 'echo',
    connectorId: uuidV4(randomBytes),
    status: 'pending',
    attempts: [],
    attemptsInSchedule: 0,
    nextAttemptAt: now,
    createdAt: now,
    ...delivery,
  };
}

export function sampleAttempt(at: number, error: string | null = null): Attempt {
  return { at, durationMs: 12, statusCode: error === null ? 200 : 503, error, responseExcerpt: null };
}
