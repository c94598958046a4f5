import type * as z from 'zod';
import type { FieldProblem } from '../field-problem.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Payload } from '../json/payload.ts';
import type { ReadJson } from '../json/read-json.ts';
import type { RateLimit } from '../ports/rate-limiter.ts';
import type { EndedRun } from '../runs/run.ts';
import type { Schedule } from '../schedules/schedule.ts';
import type { NaturalKey } from '../triggers/natural-key.ts';
import type { Connector, Mode } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { ListenContext, Listening } from './listening.ts';
import type { AllowedTargets } from './private-targets.ts';

/**
 * The extension point: what the code for one protocol declares and does. `receive` and `prepare` are pure but for the
 * reading of what they are handed; `send` and `listen` are the only I/O.
 *
 * @typeParam Event what arrives (an HTTP request, a Kafka record, a tick)
 * @typeParam Message what leaves, completely shaped (URL, headers and body; a Kafka record)
 */
export interface ConnectorType<Event = never, Message = unknown> {
  /** Folder name, registry key and the `type` of its connectors. */
  readonly name: string;
  readonly title: string;
  /** One line for the marketplace. */
  readonly summary: string;
  /** Inner SVG markup for a 24 x 24 view box, drawn with `currentColor`. */
  readonly icon: string;
  readonly modes: { readonly [mode in Mode]?: ModeDescription };
  /** Turns one event into a payload, or says why it is refused. Never throws for what a sender can cause. */
  receive?(event: Event, context: ReceiveContext): Promise<Received>;
  /**
   * For a type whose events are ticks: when they come. Engines fire them for every enabled inbound connector.
   * @throws ZodError where the configuration is not valid
   */
  schedule?(config: JsonObject): Schedule;
  /**
   * For a type that fetches its events itself: begins to do so. Engines call it for every enabled inbound connector
   * that has agents, and anew when the connector changes. Never throws; what goes wrong is reported.
   */
  listen?(context: ListenContext<Event>): Listening;
  /** How an event that cannot be handled is kept as a dead letter, and read again to be retried. */
  readonly keptEvent?: { write(event: Event): JsonObject; read(kept: JsonObject): Event };
  /** `prepare` looks at the type of the connector that triggered the run, which takes one more read. */
  readonly asksForOrigin?: true;
  /** Shapes one ended run for one connector; deterministic for the same arguments. */
  prepare?(run: EndedRun, context: PrepareContext): Message;
  /** Sends what `prepare` shaped. Never throws for what a receiver or a network can cause. */
  send?(message: Message, context: SendContext): Promise<Sent>;
  /**
   * Tries whether what a valid configuration names can be reached and entered, and leaves nothing there. Never throws
   * for what a network can cause. A type without it is tested by a made-up result that it sends.
   */
  probe?(config: JsonObject, context: ProbeContext): Promise<Probed>;
  /** How many sends one receiver may get at a time, where they share requests; otherwise the engine decides. */
  readonly sendsAtATime?: number;
  /** Closes what `send` has kept open. Called when the process stops; `send` opens it again. */
  close?(): Promise<void>;
}

/** What a type says of one of its modes: the form, the validation and the documentation come from it. */
export interface ModeDescription {
  readonly summary: string;
  /**
   * Validates the configuration and renders the form: `title` and `description` of each field by `.meta()`, and
   * `secret: true` where the value belongs into the secret store.
   */
  readonly config: z.ZodType<JsonObject, unknown>;
  /**
   * What is wrong with a valid configuration in this system, where not everything is allowed everywhere: a target that
   * can never be delivered to. Fields are paths within the configuration.
   */
  readonly problems?: (config: JsonObject, allowed: AllowedTargets) => readonly FieldProblem[];
  /** Makes the connector's own secret, from unpredictable bytes; absent where the mode has none. */
  readonly makeSecret?: (entropy: (count: number) => Uint8Array) => string;
  /** The path below the product's base URL at which the connector is called, where it has one. */
  readonly urlPath?: (connectorId: string) => string;
  /** Valid configurations with their purpose: for documentation, forms and the conformance suite. */
  readonly samples: readonly { readonly title: string; readonly config: JsonObject }[];
}

export interface ReceiveContext {
  readonly connector: Connector;
  readonly now: number;
  /** Reads JSON, a large one apart from the thread that serves everybody. */
  readonly readJson: ReadJson;
  /** The connector's secrets, read at first use; the way of a plain shared secret does without (see `matchesSecret`). */
  readonly secrets: () => Promise<ConnectorSecrets>;
  /**
   * Asks whether the connector takes anything now: enabled, linked, and within `limit` where its configuration has
   * one. To be called once, as soon as the sender is authenticated; a refusal is returned as it is.
   */
  readonly admit: (limit?: RateLimit) => Refused | null;
}

export type Received =
  | {
      readonly outcome: 'accepted';
      readonly payload: Payload;
      readonly context: JsonObject;
      readonly modelInput: string | null;
      readonly warnings: readonly string[];
      readonly repeat: RepeatKey | null;
      /** Where the event has an identity of its own: run ids derive from it. */
      readonly natural: NaturalKey | null;
    }
  | Refused;

/** What tells a repeat of the same event, within a time, from a new one. */
export interface RepeatKey {
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

export interface PrepareContext {
  readonly connector: Connector;
  readonly deliveryId: string;
  readonly secrets: ConnectorSecrets;
  /** Unix ms of the attempt: signatures carry it. */
  readonly now: number;
  /**
   * Type of the connector that triggered the run; `null` for a run started by hand, and for a type that does not say
   * `asksForOrigin`.
   */
  readonly originType: string | null;
}

export interface SendContext extends AllowedTargets {
  /** Aborts when the process stops; the attempt then counts as not made. */
  readonly signal: AbortSignal;
  /** The connector's secrets: the target may know and repeat them, and no outcome may hold them. */
  readonly secrets: readonly string[];
}

export interface ProbeContext extends AllowedTargets {
  /** Values of the configuration's secret fields. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Aborts when whoever asked has gone. */
  readonly signal: AbortSignal;
}

export type Probed =
  /** `detail` says in one sentence what was found. */
  | { readonly outcome: 'reached'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly error: string };

export type Sent = { readonly statusCode: number | null; readonly responseExcerpt: string | null } & (
  | { readonly outcome: 'delivered' }
  /** Another attempt may succeed. */
  | { readonly outcome: 'failed'; readonly error: string; readonly retryAfterMs: number }
  /** No attempt with the same message can succeed. */
  | { readonly outcome: 'rejected'; readonly error: string }
  /** The receiver is gone for good: the connector is to be disabled. */
  | { readonly outcome: 'gone'; readonly error: string }
);

// biome-ignore lint/suspicious/noExplicitAny: the registry holds types of every event and message; only their own code looks inside
export type AnyConnectorType = ConnectorType<any, any>;

/** The registry: every connector type by its name. */
export type ConnectorTypes = ReadonlyMap<string, AnyConnectorType>;
