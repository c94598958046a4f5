import type { Connector } from '../connectors/connector.ts';
import type { Delivery } from '../deliveries/delivery.ts';
import { derivedUuidV7 } from '../identifiers.ts';
import { Payload } from '../json/json-value.ts';
import type { EndedRun } from '../runs/run.ts';
import {
  type EventSubject,
  eventSender,
  type OperationalEvent,
  type OperationalEventType,
} from './operational-event.ts';

/** A subscriber gets one event per type and subject within this time, however often it happens. */
const quietMs = 60_000;

export interface EventDraft {
  readonly type: OperationalEventType;
  readonly summary: string;
  readonly about: EventSubject;
  /** Unix ms. */
  readonly at: number;
}

/**
 * One delivery per subscriber. Repeats within a minute have the same ids, so they are stored once. A connector is never
 * told about itself: a receiver that fails would otherwise cause events for ever.
 */
export function eventDeliveries(
  draft: EventDraft,
  subscribers: readonly Connector[],
  now: number,
): Delivery[] {
  const { type, summary, about, at } = draft;
  const connectorId = about.connector_id ?? null;
  const subject = connectorId ?? about.agent_name ?? summary;
  const since = at - (at % quietMs);
  const eventId = derivedUuidV7(since, `${type}\n${subject}`);
  const event: OperationalEvent = {
    event_id: eventId,
    type,
    occurred_at: new Date(at).toISOString(),
    summary,
    connector_id: connectorId,
    agent_name: about.agent_name ?? null,
    run_id: about.run_id ?? null,
    delivery_id: about.delivery_id ?? null,
  };
  return subscribers
    .filter((connector) => connector.enabled && connector.id !== connectorId)
    .map((connector) => ({
      deliveryId: derivedUuidV7(since, `${eventId}\n${connector.id}`),
      runId: eventId,
      agentName: eventSender,
      connectorId: connector.id,
      status: 'pending',
      reason: null,
      attempts: [],
      attemptsInSchedule: 0,
      nextAttemptAt: now,
      createdAt: now,
      event,
    }));
}

/** The event in the form of a run's result, so that every connector type can send it. */
export function resultOfEvent(event: OperationalEvent): EndedRun {
  const at = Date.parse(event.occurred_at);
  return {
    runId: event.event_id,
    agentName: eventSender,
    connectorId: null,
    triggerId: event.event_id,
    parentRunId: null,
    status: 'completed',
    error: null,
    queuedAt: at,
    scheduledAt: null,
    startedAt: at,
    endedAt: at,
    attempts: 1,
    tokenUsage: null,
    costUsd: null,
    model: null,
    concurrencyKey: null,
    waitsFor: null,
    cancelRequested: false,
    chain: [],
    interruptions: [],
    payload: Payload.of({}),
    modelInput: null,
    output: event.summary,
    context: {},
    warnings: [],
    event,
  };
}
