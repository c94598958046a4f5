import type { Origin } from '../connectors/origin.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Payload } from '../json/payload.ts';
import type { Arrival } from './arrival.ts';

/** One accepted event: of an inbound or sync connector, or started by hand by an operator. */
export interface Trigger {
  readonly triggerId: string;
  /** `null` for a run that an operator started by hand. */
  readonly connectorId: string | null;
  readonly receivedAt: number;
  readonly payload: Payload;
  /** What every run's context starts with: facts about the event that are no part of its payload. */
  readonly context: JsonObject;
  /** The model's input where it is not derived from the payload (a cron prompt); `null` otherwise. */
  readonly modelInput: string | null;
  /** What was left out or changed on the way in, one sentence each. */
  readonly warnings: readonly string[];
  /** Where a result can be sent back to; absent for events that nobody can answer. */
  readonly origin?: Origin;
  /** The request that brought the event; absent where it came in another way. */
  readonly arrival?: Arrival;
}

/** What is known of a trigger without what it gives its runs. */
export interface TriggerRecord extends Pick<Trigger, 'triggerId' | 'connectorId' | 'receivedAt' | 'arrival'> {
  /** In link order. */
  readonly runIds: readonly string[];
}
