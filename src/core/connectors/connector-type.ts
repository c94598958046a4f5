import type * as z from 'zod';
import type { FieldProblem } from '../field-problem.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { EndedRun } from '../runs/run.ts';
import type { Connector, Mode } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { HttpHeaders } from './http-answer.ts';
import type { Backlog } from './listening.ts';
import type { Origin } from './origin.ts';
import type { AllowedTargets } from './private-targets.ts';
import type { ReceiveContext, Received } from './received.ts';
import type { Way, Ways } from './ways.ts';

/**
 * The extension point: what the code for one protocol declares and does. It describes itself as data and functions that
 * are pure but for the reading of what they are handed; the engines do all that reaches a platform, once for all types.
 * I/O of a type's own are `send`, `probe` and, of its ways in, `listen` and `poll`.
 *
 * @typeParam Event what arrives by schedules, polls, listening, mappings and rules (a Kafka record, a tick); requests and
 *   sockets have functions of their own
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
  readonly modes: Modes<Event>;
  /**
   * The modes of a deployment on AWS, where they are not the same there.
   *
   * @param deployed what the stack has for this type, beside what it has for all
   */
  onAws?(deployed: DeployedWays): Modes<Event>;
  /** Turns one event into a payload, or says why it is refused. Never throws for what a source can cause. */
  receive?(event: Event, context: ReceiveContext): Promise<Received>;
  /** How an event that cannot be handled is kept as a dead letter, and read again to be retried. */
  readonly deadLetterCodec?: { write(event: Event): JsonObject; read(kept: JsonObject): Event };
  /** `prepare` looks at the type of the connector that triggered the run, which takes one more read. */
  readonly asksForOriginType?: true;
  /** Shapes one ended run for one connector; deterministic for the same arguments. */
  prepare?(run: EndedRun, context: PrepareContext): Message;
  /** Sends what `prepare` shaped. Never throws for what a receiver or a network can cause. */
  send?(message: Message, context: SendContext): Promise<Sent>;
  /** How many sends one receiver may get at a time, where they share requests; otherwise the engine decides. */
  readonly sendsAtATime?: number;
  /** Closes what `send` has kept open. Called when the process stops; `send` opens it again. */
  close?(): Promise<void>;
}

export type Modes<Event> = { readonly [mode in Mode]?: ModeDescription<Event> };

/** Which of the ways that only some deployments have this one has for a type. */
export type DeployedWays = ReadonlySet<Way>;

/** What a type says of one of its modes: the form, the validation and the documentation come from it. */
export interface ModeDescription<Event = unknown> {
  readonly summary: string;
  /**
   * Validates the configuration and renders the form: `title` and `description` of each field by `.meta()`, and
   * `secret: true` where the value belongs in the secret store.
   */
  readonly config: z.ZodType<JsonObject, unknown>;
  /**
   * What is wrong with a valid configuration in this system, where not everything is allowed everywhere: a target that
   * can never be delivered to. Fields are paths within the configuration.
   */
  readonly problems?: (config: JsonObject, allowed: AllowedTargets) => readonly FieldProblem[];
  /** Makes the connector's own secret, from unpredictable bytes; absent where the mode has none. */
  readonly makeSecret?: (entropy: (count: number) => Uint8Array) => string;
  /** How its events get in; none for a mode that delivers. */
  readonly ways: Ways<Event>;
  /**
   * Why an engine that has none of the ways makes no such connector, and what to use instead: one sentence. Without it,
   * the product's own words.
   */
  readonly withoutWay?: string;
  /**
   * Tries whether what a valid configuration names can be reached and entered, and leaves nothing there. Never throws
   * for what a network can cause. An outbound mode without it is tested by a made-up result that it sends.
   */
  probe?(config: JsonObject, context: ProbeContext): Promise<Probed>;
  /**
   * What to do at the other side once the connector is made: short Markdown, in which `{{url}}` and `{{secret}}` stand for
   * the connector's own.
   */
  readonly instructions?: string;
  /** How somebody calls the connector: the test request, the command line's `send` and the ready `curl` come from it. */
  sampleRequest?(about: SampleRequestContext): SampledRequest;
  /** Where events come from or results go to, in the details; without it, its URL where it has one. */
  endpoint?(connector: Connector): Endpoint;
  /** How much waits at the source, where it can be asked without taking it. @throws Error where the source is away */
  backlog?(config: JsonObject, context: ProbeContext): Promise<Backlog>;
  /** Valid configurations with their purpose: for documentation, forms and the conformance suite. */
  readonly samples: readonly { readonly title: string; readonly config: JsonObject }[];
}

export interface SampleRequestContext {
  readonly connector: Pick<Connector, 'name' | 'mode' | 'config' | 'secretFields'>;
  /** Where the connector is called. */
  readonly url: string;
  /** Those that whoever asks has: a secret field of the configuration is missing where it is never shown. */
  readonly secrets: Pick<ConnectorSecrets, 'current' | 'config'>;
  readonly content: SampleContent;
  /** Unpredictable, for senders that number their events. */
  readonly id: string;
  /** Unix ms. */
  readonly now: number;
}

export type SampleContent =
  /** What the event says, as JSON text: the body, or what the type puts into a body of its own form. */
  | { readonly kind: 'payload'; readonly json: string }
  /** A whole body of the sender's own. */
  | { readonly kind: 'body'; readonly contentType: string; readonly bytes: Uint8Array };

export type SampledRequest =
  | {
      readonly outcome: 'made';
      readonly request: SampleRequest;
      /** Whether it may be sent again and again, with another body, too: it carries no signature. */
      readonly isFixed: boolean;
    }
  /** It takes the connector's own secret, which is not among the given ones. */
  | { readonly outcome: 'secret-needed' }
  /** One sentence: a secret that is never shown, or cannot be used; a body that is not the type's. */
  | { readonly outcome: 'not-made'; readonly reason: string };

/** One request that the connector takes. */
export interface SampleRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HttpHeaders;
  /** `null` where the method has none. */
  readonly body: string | Uint8Array | null;
}

/** Such as `Topic`: `orders on broker-1:9092`. */
export interface Endpoint {
  readonly title: string;
  readonly text: string;
}

export interface PrepareContext {
  readonly connector: Connector;
  readonly deliveryId: string;
  readonly secrets: ConnectorSecrets;
  /** Unix ms of the attempt: signatures carry it. */
  readonly now: number;
  /**
   * Type of the connector that triggered the run; `null` for a run started by hand, and for a type that does not say
   * `asksForOriginType`.
   */
  readonly originType: string | null;
  /** Where the event of the run came from, if a result can be sent back there. */
  readonly origin: Origin | null;
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
  /** The receiver is gone for good: the connector is disabled, for `reason` (one sentence, in the type's words). */
  | { readonly outcome: 'gone'; readonly error: string; readonly reason: string }
);

// biome-ignore lint/suspicious/noExplicitAny: the registry holds types of every event and message; only their own code looks inside
export type AnyConnectorType = ConnectorType<any, any>;

/** The registry: every connector type by its name. */
export type ConnectorTypes = ReadonlyMap<string, AnyConnectorType>;
