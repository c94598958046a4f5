import type { Connector } from '../../src/core/connectors/connector.ts';
import type { Attempt, Delivery } from '../../src/core/deliveries/delivery.ts';
import type { JsonValue } from '../../src/core/json/json-value.ts';
import type { Dispatch, Lease, RunEnd, Slot } from '../../src/core/ports/run-store.ts';
import {
  someConnector,
  someDelivery,
  someDispatch,
  someEnd,
  someId,
  someInterruption,
  someLease,
} from '../conformance/samples.ts';

/*
 * The samples of the conformance suite, at the time `now` (Unix ms) of an engine's clock and for an agent of its project.
 */

export const newId = someId;

export const sampleInterruption = someInterruption;

export interface DispatchSample {
  readonly agents?: readonly string[];
  readonly payload?: JsonValue;
  readonly connectorId?: string | null;
  readonly triggerId?: string;
  /** Schedules the runs for this time, Unix ms. */
  readonly scheduledAt?: number | undefined;
}

/** What `dispatchTrigger` hands to the run store. */
export function sampleDispatch(now: number, sample: DispatchSample = {}): Dispatch {
  const { payload = { order: 'A-1' }, scheduledAt, ...given } = sample;
  const later = scheduledAt === undefined ? {} : { status: 'scheduled' as const, scheduledAt };
  return someDispatch({
    agents: ['echo'],
    ...given,
    at: now,
    run: { payload, context: { region: 'north' }, ...later },
  });
}

/** A lease of an executor of its own. */
export function sampleLease(now: number, slots: readonly Slot[] = []): Lease {
  return someLease(someId(now), now, slots);
}

export function sampleEnd(endedAt: number, end: Partial<RunEnd> = {}): RunEnd {
  return someEnd({ ...end, endedAt });
}

export function sampleConnector(now: number, connector: Partial<Connector> = {}): Connector {
  return someConnector({ agents: ['echo'], createdAt: now, updatedAt: now, ...connector });
}

export function sampleDelivery(now: number, delivery: Partial<Delivery> = {}): Delivery {
  const runId = someId(now);
  const deliveryId = someId(now);
  return someDelivery({ deliveryId, runId, nextAttemptAt: now, createdAt: now, ...delivery });
}

export function sampleAttempt(at: number, error: string | null = null): Attempt {
  return { at, durationMs: 12, statusCode: error === null ? 200 : 503, error, responseExcerpt: null };
}
