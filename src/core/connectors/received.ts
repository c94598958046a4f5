import type { JsonObject, Payload } from '../json/json-value.ts';
import type { ReadForm } from '../json/read-form.ts';
import type { ReadJson } from '../json/read-json.ts';
import type { ReadText } from '../json/read-text.ts';
import type { ReadMultipart } from '../multipart/read-multipart.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { RateLimit } from '../ports/rate-limiter.ts';
import type { Run } from '../runs/run.ts';
import type { Arrival } from '../triggers/arrival.ts';
import type { NaturalKey } from '../triggers/natural-key.ts';
import type { Reply } from './accepted-trigger.ts';
import type { Connector } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { HttpAnswer } from './http-request.ts';
import type { Origin } from './origin.ts';
import type { AllowedTargets } from './private-targets.ts';
import type { RefusalReason } from './refusal-reason.ts';

export interface ReceiveContext extends AllowedTargets {
  readonly connector: Connector;
  readonly now: number;
  /** Reads JSON; large JSON is read in a separate thread, so that other callers do not wait. */
  readonly readJson: ReadJson;
  /** The same for forms, text, and forms with files. */
  readonly readForm: ReadForm;
  readonly readText: ReadText;
  readonly readMultipart: ReadMultipart;
  /** The connector's secrets, read at first use; checking a plain shared secret does not need them (see `matchesSecret`). */
  readonly secrets: () => Promise<ConnectorSecrets>;
  /**
   * Whether the connector accepts events now: enabled, linked, and within `limit` if its configuration has one. Call it
   * once, as soon as the sender is authenticated, and return its refusal unchanged.
   */
  readonly admit: (limit?: RateLimit) => Refused | null;
  /** The linked agents, in link order. */
  readonly agents: () => readonly AgentSummary[];
  /** A run that this connector started; `null` for any other id. @throws RetryableError when the store is unavailable */
  readonly findRun: (runId: string) => Promise<Run | null>;
  /**
   * Cancels the runs of the event that came with this idempotency key, if they have not ended.
   * @throws RetryableError when the store is unavailable
   */
  readonly cancelRuns: (idempotencyKey: string) => Promise<void>;
}

/** What a type makes of one event. */
export type Received = AcceptedEvent | Answered | Refused;

/** The event starts a run of every linked agent, or of those that it names. */
export interface AcceptedEvent {
  readonly outcome: 'accepted';
  readonly payload: Payload;
  readonly context: JsonObject;
  readonly modelInput: string | null;
  readonly warnings: readonly string[];
  readonly repeat: IdempotencyKey | null;
  /** Set if the event has its own identity, from which run ids are derived. */
  readonly natural: NaturalKey | null;
  /** Where to send a result back to; absent if the event cannot be answered. */
  readonly origin?: Omit<Origin, 'type'>;
  /** The request that brought it; added by the ingress, not by the type. */
  readonly arrival?: Arrival;
  /** More events of the same request, in order: each is its own trigger, and one answer covers all. Not for `sync`. */
  readonly others?: readonly Omit<AcceptedEvent, 'others' | 'reply' | 'arrival'>[];
  /** Names of the linked agents that the event is for; absent if it is for all of them. */
  readonly agents?: readonly string[];
  /** The signed chain of runs that led to the event, as the event carries it (`chainHeader`). */
  readonly signedChain?: string;
  /** The runs of that chain; added by the core, not by the type. */
  readonly chain?: readonly string[];
  /** When its runs are due, Unix ms; absent if they are due immediately. Not for `sync`. */
  readonly scheduledAt?: number;
  /** How this request is answered; overrides the way's general answers. */
  readonly reply?: Reply;
}

/**
 * The event is accepted and starts nothing: a challenge of the sender, or an event that the connector ignores. A type
 * returns this only after it has authenticated the sender, or if every caller gets the same answer.
 */
export interface Answered {
  readonly outcome: 'answered';
  /** The answer to a request; `null` for 200 without a body. Events that arrived in another way have no answer. */
  readonly answer: HttpAnswer | null;
  /** Why it started nothing: a sentence for the connector's history, or `null` to omit it there. */
  readonly reason: string | null;
}

/** How repeats of an event are recognized for a limited time. */
export interface IdempotencyKey {
  readonly key: string;
  /** Equal for equal events: a key that comes with another fingerprint is refused. */
  readonly fingerprint: string;
  readonly validForMs: number;
}

export interface Refused {
  readonly outcome: 'refused';
  readonly reason: RefusalReason;
  /** One clear sentence for the sender. */
  readonly detail: string;
  /** One clear sentence for operators, if they may know more than the sender. */
  readonly explanation?: string;
  readonly retryAfterSeconds?: number;
}

/** The refusal of wrong credentials. Senders get it unchanged, so that unknown connectors get the same words. */
export const unauthorized: Refused = {
  outcome: 'refused',
  reason: 'unauthorized',
  detail: 'The connector does not exist, or the credentials are missing or wrong.',
};

/** `unauthorized`, with what is wrong. @param explanation one clear sentence for operators only */
export function unauthorizedBecause(explanation: string): Refused {
  return { ...unauthorized, explanation };
}

/** For a request whose secret is not that of the connector. */
export const wrongSecret = unauthorizedBecause(
  'The secret in the request is not the secret of this connector.',
);

/** For types whose senders only make POST requests. */
export const notPosted = unauthorizedBecause('The request is not a POST request.');

/** The refusal of a request by the secrets that were found in it. */
export function refuseSecrets(secrets: readonly string[]): Refused {
  return secrets.length === 0 ? withoutSecret : wrongSecret;
}

const withoutSecret = unauthorizedBecause(
  'The request has no secret, neither in the header X-Connic-Secret nor in another place that this type accepts.',
);

/** Why a request was refused, for operators. */
export function explanationOf({ reason, detail, explanation }: Refused): string {
  // Only a connector that exists refuses credentials.
  return explanation ?? (reason === 'unauthorized' ? 'The credentials are missing or wrong.' : detail);
}

/** A type's refusal of an event. @param detail one clear sentence for the sender */
export function refuseEvent(reason: RefusalReason, detail: string): Refused {
  return { outcome: 'refused', reason, detail };
}

/** For a body whose sender broke it off. */
export const endedEarly = refuseEvent('malformed', 'The body ended early.');
