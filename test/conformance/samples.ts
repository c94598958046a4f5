import { randomBytes } from 'node:crypto';
import type { OpenConnection } from '../../src/core/connections/named-connection.ts';
import type { Connector } from '../../src/core/connectors/connector.ts';
import type { Delivery } from '../../src/core/deliveries/delivery.ts';
import { uuidV4, uuidV7 } from '../../src/core/identifiers.ts';
import { type JsonValue, Payload } from '../../src/core/json/json-value.ts';
import { type ApiKey, fingerprintOf, makeKeyText } from '../../src/core/operators/api-key.ts';
import type { Dispatch, Lease, RunEnd, RunStore, Slot } from '../../src/core/ports/run-store.ts';
import type { Interruption, Run } from '../../src/core/runs/run.ts';
import { emptyTrace } from '../../src/core/runs/trace.ts';

/** The moment at which the tests play, Unix ms. */
export const noon = Date.UTC(2026, 10, 22, 12);

const entropy = (count: number) => randomBytes(count);

export function someId(timeMs = noon): string {
  return uuidV7(timeMs, entropy);
}

/** A trigger with one queued run for each agent. */
export function someDispatch(
  given: {
    readonly agents?: readonly string[];
    readonly at?: number;
    readonly triggerId?: string;
    readonly connectorId?: string | null;
    readonly run?: Partial<Omit<Run, 'payload'>> & { readonly payload?: JsonValue };
  } & Partial<Pick<Dispatch, 'repeat' | 'lease'>> = {},
): Dispatch {
  const { agents = ['clerk'], at = noon, connectorId = null, repeat = null, lease = null } = given;
  const { payload: value = { order: 'A-1' }, ...fields } = given.run ?? {};
  const { context = {}, warnings = [], modelInput = null, origin } = fields;
  const payload = Payload.of(value);
  const triggerId = given.triggerId ?? someId(at);
  const content = { payload, context, modelInput, warnings, ...(origin && { origin }) };
  const trigger = { triggerId, connectorId, receivedAt: at, ...content };
  const runs = agents.map(
    (agentName): Run => ({
      runId: someId(at),
      agentName,
      connectorId,
      triggerId,
      parentRunId: null,
      status: 'queued',
      payload,
      modelInput,
      output: null,
      error: null,
      queuedAt: at,
      scheduledAt: null,
      startedAt: null,
      endedAt: null,
      attempts: 0,
      tokenUsage: null,
      costUsd: null,
      context,
      warnings,
      model: null,
      concurrencyKey: null,
      cancelRequested: false,
      chain: [],
      waitsFor: null,
      interruptions: [],
      ...fields,
    }),
  );
  return { trigger, runs, repeat, mayComeAgain: given.triggerId !== undefined, lease };
}

/** Of an attempt that was broken off by something else. */
export const someInterruption: Interruption = { at: noon, role: 'bystander', reason: 'the store was away' };

/** Stores a trigger with one run, and returns the run's id. */
export async function storeRun(
  runs: RunStore,
  given: Parameters<typeof someDispatch>[0] = {},
): Promise<string> {
  const dispatch = someDispatch(given);
  await runs.dispatch(dispatch);
  return dispatch.runs[0]?.runId ?? '';
}

export function someLease(owner: string, now = noon, slots: readonly Slot[] = []): Lease {
  return { owner, now, until: now + 60_000, slots, ifLost: 'suspect' };
}

export function someEnd(given: Partial<RunEnd> = {}): RunEnd {
  return {
    status: 'completed',
    endedAt: noon + 500,
    output: 'done',
    error: null,
    tokenUsage: null,
    costUsd: null,
    model: null,
    context: {},
    warnings: [],
    trace: emptyTrace,
    ...given,
  };
}

/** Stores a run that ends at once, and returns its id. */
export async function storeEndedRun(
  runs: RunStore,
  end: Partial<RunEnd> = {},
  given: Parameters<typeof someDispatch>[0] = {},
): Promise<string> {
  const runId = await storeRun(runs, given);
  await runs.claim(runId, someLease('executor', given?.at ?? noon));
  await runs.end(runId, 'executor', someEnd(end));
  return runId;
}

export function someConnector(given: Partial<Connector> = {}): Connector {
  return {
    id: uuidV4(entropy),
    name: 'Orders',
    type: 'webhook',
    mode: 'inbound',
    config: { auth: { kind: 'secret' } },
    secretFields: [],
    connection: null,
    agents: ['clerk'],
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    paused: null,
    secretHashes: [{ sha256: 'abc', expiresAt: null }],
    failingSince: null,
    failureTally: null,
    version: 1,
    createdAt: noon,
    updatedAt: noon,
    ...given,
  };
}

export function someConnection(given: Partial<OpenConnection['connection']> = {}): OpenConnection {
  const connection = {
    id: uuidV4(entropy),
    name: 'orders',
    kind: 'kafka',
    config: { bootstrap_servers: 'broker:9092' },
    secretFields: ['password'],
    version: 1,
    isPending: false,
    createdAt: noon,
    updatedAt: noon,
    ...given,
  };
  return { connection, secrets: { password: 'pässword' } };
}

export function someDelivery(given: Partial<Delivery> = {}): Delivery {
  return {
    deliveryId: someId(),
    runId: someId(),
    agentName: 'clerk',
    connectorId: 'receiver',
    status: 'pending',
    reason: null,
    attempts: [],
    attemptsInSchedule: 0,
    nextAttemptAt: noon,
    createdAt: noon,
    ...given,
  };
}

export function someKey(given: Partial<ApiKey> = {}): ApiKey {
  return {
    ...fingerprintOf(makeKeyText(entropy)),
    name: 'ci',
    role: 'operator',
    createdAt: noon,
    createdBy: 'admin-token',
    lastUsedAt: null,
    expiresAt: null,
    revokedAt: null,
    ...given,
  };
}
