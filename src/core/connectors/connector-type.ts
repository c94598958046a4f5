import type * as z from 'zod';
import type { FieldProblem } from '../field-problem.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { EndedRun } from '../runs/run.ts';
import type { Category } from './categories.ts';
import type { Connector, Mode } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { HttpHeaders } from './http-request.ts';
import type { Backlog } from './listening.ts';
import type { Origin } from './origin.ts';
import type { AllowedTargets } from './private-targets.ts';
import type { ReceiveContext, Received } from './received.ts';
import type { Registration } from './registration.ts';
import type { Way, Ways } from './ways.ts';

/**
 * The extension point: what the code for one protocol declares and does. A type consists of data and of functions that
 * read only their arguments. The engines do everything that depends on the platform, once for all types. Only `send`,
 * `probe`, `backlog`, the registration, and the ways `listen` and `poll` do I/O.
 *
 * @typeParam Event what arrives by schedules, polls, listening, mappings and rules (a Kafka record, a tick); requests
 *   and sockets have their own functions
 * @typeParam Message a complete message to send (URL, headers and body; a Kafka record)
 */
export interface ConnectorType<Event = never, Message = unknown> {
  /** Folder name, registry key and the `type` of its connectors. */
  readonly name: string;
  readonly title: string;
  /** One line for the marketplace. */
  readonly summary: string;
  /** Where the marketplace lists it. */
  readonly category: Category;
  /** Inner SVG markup for a 24 x 24 view box, drawn with `currentColor`. */
  readonly icon: string;
  readonly modes: Modes<Event>;
  /** What its connectors can share; absent if they have no account in common. */
  readonly connection?: ConnectionKind;
  /** The same on AWS, if it differs there. */
  readonly connectionOnAws?: ConnectionKind;
  /**
   * The modes of a deployment on AWS, if they differ there.
   *
   * @param deployed the ways that the stack has for this type, in addition to those that every stack has
   */
  onAws?(deployed: DeployedWays): Modes<Event>;
  /** Turns one event into a payload, or says why it is refused. Never throws because of something that a source does. */
  receive?(event: Event, context: ReceiveContext): Promise<Received>;
  /** Writes an event that cannot be handled to a dead letter, and reads it again for a retry. */
  readonly deadLetterCodec?: { write(event: Event): JsonObject; read(kept: JsonObject): Event };
  /** `prepare` needs the type of the connector that triggered the run, which costs one more read. */
  readonly asksForOriginType?: true;
  /** Builds the message for one ended run and one connector; deterministic. */
  prepare?(run: EndedRun, context: PrepareContext): Message;
  /** The parts of the message, for people; by default, its `method`, `url`, `headers` and `body`, if it has them. */
  describe?(message: Message): MessageDescription;
  /** What agents can send through its outbound connectors; absent if these only deliver results. */
  readonly message?: MessageKind;
  /** Sends the message from `prepare`. Never throws because of the receiver or the network. */
  send?(message: Message, context: SendContext): Promise<Sent>;
  /** Whether its messages carry the chain of the runs that led to them. */
  readonly carriesChain?: true;
  /** Maximum concurrent sends to one receiver, if they share requests; otherwise, the engine decides. */
  readonly sendsAtATime?: number;
  /** When the process stops, closes connections that `send` kept open. A later `send` opens them again. */
  close?(): Promise<void>;
}

/** A message that an agent composes. `prepare` gets it as the run's `message`, and its JSON as the run's output. */
export interface MessageKind {
  /** One sentence for the model: what it sends, and where to. */
  readonly description: string;
  /** Of an object without a field `wait`, which tools have in addition. Without recursion, which some models refuse. */
  readonly schema: z.ZodType;
}

/**
 * What connectors can share: an account, a server, or a cluster, with the credentials for it. Types that use the same
 * accounts have the same kind.
 */
export interface ConnectionKind {
  /** Unique, and the `type` of its connections. */
  readonly name: string;
  readonly title: string;
  /** One sentence: what it holds, and for which connectors. */
  readonly summary: string;
  /**
   * Fields of the modes' configurations, with the same names and texts. A field with a default has the same one in every
   * mode, because a connection always has a value for it.
   */
  readonly config: z.ZodType<JsonObject, unknown>;
  /** As in a mode. */
  readonly problems?: (config: JsonObject, allowed: AllowedTargets) => readonly FieldProblem[];
  /** Tests the credentials by themselves, as `probe` of a mode does; absent if only a connector can be tested. */
  probe?(config: JsonObject, context: ProbeContext): Promise<Probed>;
  /** Valid configurations with their purpose. */
  readonly samples: readonly { readonly title: string; readonly config: JsonObject }[];
}

export type Modes<Event> = { readonly [mode in Mode]?: ModeDescription<Event> };

/** The ways that this deployment has for a type, among those that only some deployments have. */
export type DeployedWays = ReadonlySet<Way>;

/** The description of one mode: the source of its form, validation and documentation. */
export interface ModeDescription<Event = unknown> {
  readonly summary: string;
  /**
   * Validates the configuration and defines the form: `.meta()` gives each field its `title` and `description`, and
   * `secret: true` if its value belongs in the secret store. `when` lists the dot paths of other fields, with the
   * values for which this field applies; `needed: true` makes it required then. `advanced: true` folds it away, and
   * `unit: 'bytes'` shows it in MB; `quantity: false` shows a number without separators, such as a port. `ofResults: true`
   * hides it for a connector that delivers what agents send.
   */
  readonly config: z.ZodType<JsonObject, unknown>;
  /**
   * Problems that a valid configuration has in this system, such as a target that the operator does not allow. Fields are
   * paths within the configuration.
   */
  readonly problems?: (config: JsonObject, allowed: AllowedTargets) => readonly FieldProblem[];
  /**
   * The same for problems whose check needs code that is loaded on demand (a parser of another language). Tolerates
   * configurations with other problems.
   *
   * @param config without its secret fields
   */
  verify?(config: JsonObject): Promise<readonly FieldProblem[]>;
  /** Creates the connector's secret from unpredictable bytes; absent if the mode has none. */
  readonly makeSecret?: (entropy: (count: number) => Uint8Array) => string;
  /** How its events arrive; empty for a mode that delivers. */
  readonly ways: Ways<Event>;
  /**
   * One sentence: why an engine without any of the ways refuses such a connector, and what to use instead. By default,
   * a general sentence of the product.
   */
  readonly withoutWay?: string;
  /**
   * Tests whether the target of a valid configuration can be reached and accepts the credentials; changes nothing there.
   * Never throws because of the network. An outbound mode without it is tested by sending a sample result.
   */
  probe?(config: JsonObject, context: ProbeContext): Promise<Probed>;
  /** What the product sets up at the provider for each connector, if anything. */
  readonly registration?: Registration;
  /**
   * What to set up at the sender or receiver: short Markdown of paragraphs, lists, links, and code. In code, `{{url}}` and
   * `{{secret}}` are replaced by those of the connector.
   */
  readonly instructions?: string;
  /** A request to the connector, for the test request, the command line's `send` and the `curl` command. */
  sampleRequest?(about: SampleRequestContext): SampledRequest;
  /** Where events come from or results go to, for the details; by default, the connector's URL if it has one. */
  endpoint?(connector: Connector): Endpoint;
  /** How much waits at the source, if that can be read without consuming it. @throws Error if the source is unavailable */
  backlog?(config: JsonObject, context: ProbeContext): Promise<Backlog>;
  /** Valid configurations with their purpose: for documentation, forms and the conformance suite. */
  readonly samples: readonly { readonly title: string; readonly config: JsonObject }[];
}

export interface SampleRequestContext {
  readonly connector: Pick<Connector, 'name' | 'mode' | 'config' | 'secretFields' | 'agents'>;
  /** Where the connector is called. */
  readonly url: string;
  /** The secrets that the caller may read: secret fields of the configuration that are never shown are missing. */
  readonly secrets: Pick<ConnectorSecrets, 'current' | 'config'>;
  readonly content: SampleContent;
  /** A random id, for senders that give each event one. */
  readonly id: string;
  /** Unix ms. */
  readonly now: number;
}

export type SampleContent =
  /** The content of the event, as JSON text: the body, or what the type puts into a body of its own format. */
  | { readonly kind: 'payload'; readonly json: string }
  /** The complete body, as the caller gave it. */
  | { readonly kind: 'body'; readonly contentType: string; readonly bytes: Uint8Array };

export type SampledRequest =
  | {
      readonly outcome: 'made';
      readonly request: SampleRequest;
      /** Whether it can be sent repeatedly and with other bodies, because it is not signed. */
      readonly isFixed: boolean;
    }
  /** It needs the connector's secret, which was not given. */
  | { readonly outcome: 'secret-needed' }
  /** `reason` is one sentence: a secret is never shown or cannot be used, or the body is not of this type. */
  | { readonly outcome: 'not-made'; readonly reason: string };

/**
 * A request that the connector accepts. If its URL begins with `ws`, it opens a connection, and `body` is the first
 * message.
 */
export interface SampleRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HttpHeaders;
  /** `null` if the method has none. */
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
  /** Unix ms of the attempt, for signatures. */
  readonly now: number;
  /**
   * Type of the connector that triggered the run; `null` for a run started by hand, and for a type that does not say
   * `asksForOriginType`.
   */
  readonly originType: string | null;
  /** Where the event of the run came from, if a result can be sent back there. */
  readonly origin: Origin | null;
  /**
   * The signed chain of the runs that led to this message, for `chainHeader`; `null` for a message of no run, and for a type
   * that does not say `carriesChain`.
   */
  readonly chain: string | null;
}

/** A message for people to read. The engine removes the connector's secrets and the credentials in headers. */
export interface MessageDescription {
  /** Of an HTTP request; `null` otherwise. */
  readonly method: string | null;
  /** A URL, or the name of a topic, a queue or the like. */
  readonly target: string;
  readonly headers: HttpHeaders;
  readonly body: string | Uint8Array;
}

export interface SendContext extends AllowedTargets {
  /** Aborts when the process stops; the attempt then counts as not made. */
  readonly signal: AbortSignal;
  /** The connector's secrets. A target may repeat them, but no outcome may contain them. */
  readonly secrets: readonly string[];
  /** How many parts of the same message earlier attempts have sent; absent if none. */
  readonly partsSent?: number;
}

export interface ProbeContext extends AllowedTargets {
  /** Values of the configuration's secret fields. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Aborts when the caller has disconnected. */
  readonly signal: AbortSignal;
}

export type Probed =
  /** `detail` is one sentence about what was found. */
  | { readonly outcome: 'reached'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly error: string };

export type Sent = {
  readonly statusCode: number | null;
  readonly responseExcerpt: string | null;
  /** Headers of the receiver's answer, by lower-case name; the engine removes credentials. */
  readonly responseHeaders?: HttpHeaders;
} & (
  | { readonly outcome: 'delivered' }
  /** Another attempt may succeed. `partsSent`: of a message in parts, those that this and earlier attempts have sent. */
  | {
      readonly outcome: 'failed';
      readonly error: string;
      readonly retryAfterMs: number;
      readonly partsSent?: number;
    }
  /** No attempt with the same message can succeed. */
  | { readonly outcome: 'rejected'; readonly error: string }
  /** The receiver is permanently gone: the engine disables the connector, with `reason` (one sentence). */
  | { readonly outcome: 'gone'; readonly error: string; readonly reason: string }
);

// biome-ignore lint/suspicious/noExplicitAny: the registry holds types of every event and message; only their own code looks inside
export type AnyConnectorType = ConnectorType<any, any>;

/** The registry: every connector type by its name. */
export type ConnectorTypes = ReadonlyMap<string, AnyConnectorType>;
