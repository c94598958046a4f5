import type { Origin } from '../connectors/origin.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Payload } from '../json/payload.ts';
import type { Arrival } from './arrival.ts';

/** One accepted event of an inbound or sync connector, or of an operator who starts an agent by hand. */
export interface Trigger {
  readonly triggerId: string;
  /** `null` for a run that an operator started by hand. */
  readonly connectorId: string | null;
  readonly receivedAt: number;
  readonly payload: Payload;
  /** The initial context of every run: facts about the event that are not part of its payload. */
  readonly context: JsonObject;
  /** The model's input if it is not derived from the payload (a cron prompt); otherwise `null`. */
  readonly modelInput: string | null;
  /** What was omitted or changed on arrival, one sentence each. */
  readonly warnings: readonly string[];
  /** Where to send a result back to; absent if the event cannot be answered. */
  readonly origin?: Origin;
  /** The request that brought the event; absent if it arrived in another way. */
  readonly arrival?: Arrival;
}

/** A trigger without the content that it gives its runs. */
export interface TriggerRecord extends Pick<Trigger, 'triggerId' | 'connectorId' | 'receivedAt' | 'arrival'> {
  /** In link order. */
  readonly runIds: readonly string[];
}
