import type { Origin } from '../connectors/origin.ts';
import type { JsonObject, Payload } from '../json/json-value.ts';
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
  /** Set if no linked agent wanted the event. */
  readonly filtered?: Filtered;
}

/** Why an event started no run. */
export interface Filtered {
  /** One sentence, or one per agent. */
  readonly reason: string;
  /** The agents that did not want the event, in link order. */
  readonly agents: readonly string[];
}

export interface FilteredRecord extends Filtered {
  /** When an operator sent the event through, Unix ms; `null` if nobody has. */
  readonly sentAt: number | null;
}

/** A trigger without the content that it gives its runs. */
export interface TriggerRecord extends Pick<Trigger, 'triggerId' | 'connectorId' | 'receivedAt' | 'arrival'> {
  /** In link order. */
  readonly runIds: readonly string[];
  /** Set if no linked agent wanted the event. */
  readonly filtered?: FilteredRecord;
}

/** A trigger with its content. */
export type StoredTrigger = Trigger & TriggerRecord;
