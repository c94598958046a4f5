import type { JsonObject } from '../json/json-value.ts';
import type { Payload } from '../json/payload.ts';
import type { ReadForm } from '../json/read-form.ts';
import type { ReadJson } from '../json/read-json.ts';
import type { RateLimit } from '../ports/rate-limiter.ts';
import type { NaturalKey } from '../triggers/natural-key.ts';
import type { Connector } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { Origin } from './origin.ts';

export interface ReceiveContext {
  readonly connector: Connector;
  readonly now: number;
  /** Reads JSON, a large one apart from the thread that serves everybody. */
  readonly readJson: ReadJson;
  /** The same for forms. */
  readonly readForm: ReadForm;
  /** The connector's secrets, read at first use; the way of a plain shared secret does without (see `matchesSecret`). */
  readonly secrets: () => Promise<ConnectorSecrets>;
  /**
   * Asks whether the connector takes anything now: enabled, linked, and within `limit` where its configuration has
   * one. To be called once, as soon as the sender is authenticated; a refusal is returned as it is.
   */
  readonly admit: (limit?: RateLimit) => Refused | null;
}

/** What a type makes of one event. */
export type Received = AcceptedEvent | Answered | Refused;

/** The event starts a run of every linked agent. */
export interface AcceptedEvent {
  readonly outcome: 'accepted';
  readonly payload: Payload;
  readonly context: JsonObject;
  readonly modelInput: string | null;
  readonly warnings: readonly string[];
  readonly repeat: IdempotencyKey | null;
  /** Where the event has an identity of its own: run ids derive from it. */
  readonly natural: NaturalKey | null;
  /** Where a result can be sent back to; absent for events that nobody can answer. */
  readonly origin?: Omit<Origin, 'type'>;
}

/**
 * The event is taken and starts nothing: a challenge of the sender's, or one of a kind that the connector ignores. A
 * type says so only where it would say the same to everybody, or after it has authenticated the sender.
 */
export interface Answered {
  readonly outcome: 'answered';
  /** What a request is answered; `null`: 200 without a body. Events that came in another way have no answer. */
  readonly answer: HttpAnswer | null;
  /** Why it started nothing: a sentence for the connector's history, or `null` for what is not worth a line there. */
  readonly reason: string | null;
}

/** How repeats of an event are recognized within a time. */
export interface IdempotencyKey {
  readonly key: string;
  /** Equal for equal events: the same key with another fingerprint is refused. */
  readonly fingerprint: string;
  readonly validForMs: number;
}

export const refusalReasons = [
  'malformed',
  'unauthorized',
  'unknown-connector',
  'origin-not-allowed',
  'method-not-allowed',
  'no-linked-agents',
  'too-large',
  'unsupported-media-type',
  'idempotency-mismatch',
  'connector-disabled',
  'rate-limited',
  'unavailable',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface Refused {
  readonly outcome: 'refused';
  readonly reason: RefusalReason;
  /** One clear sentence for the sender. */
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

/** The refusal of wrong credentials: a type returns it as it is, so that no word tells them from an unknown connector. */
export const unauthorized: Refused = {
  outcome: 'refused',
  reason: 'unauthorized',
  detail: 'The connector does not exist, or the credentials are missing or wrong.',
};
