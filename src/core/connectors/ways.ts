import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Schedule } from '../schedules/schedule.ts';
import type { AcceptedTrigger, AwaitedRuns } from './accepted-trigger.ts';
import type { Connector } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { HttpAnswer, HttpHeaders } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';
import type { ListenContext, Listening } from './listening.ts';
import type { AllowedTargets } from './private-targets.ts';
import type { ReceiveContext, Received, Refused } from './received.ts';

export const ways = ['request', 'schedule', 'poll', 'listen', 'mapping', 'rule', 'socket'] as const;

/** How events get in. An engine implements a way once, for every type; none implements all of them. */
export type Way = (typeof ways)[number];

/**
 * The ways that events of one mode can come. An engine uses all of them that it has, but for those that fetch the same
 * events: of `listen`, `mapping` and `poll` it uses the first.
 *
 * @typeParam Event what all but requests and sockets bring: the type's own `receive` takes it
 */
export interface Ways<Event> {
  readonly request?: RequestWay;
  readonly schedule?: ScheduleWay;
  readonly poll?: PollWay<Event>;
  readonly listen?: ListenWay<Event>;
  readonly mapping?: MappingWay<Event>;
  readonly rule?: RuleWay<Event>;
  readonly socket?: SocketWay;
}

/** Part of every way: which connectors of the mode use it, where not all do. */
interface ForSome {
  /** @param config a valid one */
  serves?(config: JsonObject): boolean;
}

/** A caller sends a request to the connector's URL and gets an answer. */
export interface RequestWay extends ForSome {
  /** Ends the connector's URL, so that modes have URLs of their own: empty, or such as `/sync`. */
  readonly suffix: string;
  /** Turns one request into a payload, or says why not. Never throws for what a sender can cause. */
  receive(request: HttpRequest, context: ReceiveContext): Promise<Received>;
  /**
   * The configuration that stands in where no connector has the id that is called: of a connector that everybody lacks
   * the credentials for. The request is handled in the same way, so that neither words nor time tell it from a wrong secret.
   */
  decoy(): JsonObject;
  /** Headers for every answer of a known connector, such as those that let a web page read it. */
  headers?(request: HttpRequest, connector: Connector): HttpHeaders;
  /** Its own answer to an event whose runs are stored; without one, the answer lists their ids. Not for mode `sync`. */
  answerAccepted?(accepted: AcceptedTrigger): HttpAnswer;
  /** Its own answer to a refused event; without one, `{"detail", "code"}`. */
  answerRefused?(refused: Refused): HttpAnswer;
  /** Mode `sync`: how long a caller waits, in ms. @throws ZodError where the configuration is not valid */
  deadlineMs?(connector: Connector): number;
  /** Mode `sync`: its own answer when the runs have ended or the wait is over; without one, `{"status", "result"}`. */
  answerEnded?(accepted: AcceptedTrigger, awaited: AwaitedRuns): HttpAnswer;
  /** Mode `sync`: how this request's answer is written as it comes about; `null` where the sender wants it whole. */
  stream?(request: HttpRequest): AnswerStream | null;
}

/** An answer in pieces, each written when there is something to tell. Without a first piece the status is still open. */
export interface AnswerStream {
  readonly headers: HttpHeaders;
  /** Keeps the connection from looking idle. */
  readonly heartbeat: string;
  /** A run was started. */
  started(runId: string): string;
  /** Text of the first run's answer, as its model writes it. */
  text(runId: string, text: string): string;
  /** The last piece. @param answer what a caller who wants it whole would get */
  ended(answer: HttpAnswer): string;
}

/** Events are moments: the engine brings each as a `Tick`. */
export interface ScheduleWay extends ForSome {
  /** When they come. @throws ZodError where the configuration is not valid */
  schedule(config: JsonObject): Schedule;
  /** The same for a platform that keeps the schedules itself. @throws as `schedule` */
  platformSchedules(config: JsonObject): PlatformSchedules;
}

/** A schedule in the words of EventBridge Scheduler. */
export type PlatformSchedules =
  | {
      readonly outcome: 'expressed';
      /** `cron(...)` each. Where there are two, a time at which both come is one tick. */
      readonly expressions: readonly string[];
      /** As the IANA database writes it. */
      readonly timeZone: string;
    }
  /** `reason` is a sentence for whoever wrote the schedule. */
  | { readonly outcome: 'inexpressible'; readonly reason: string };

/** The engine asks for new events every so often. */
export interface PollWay<Event> extends ForSome {
  /** How long from one poll to the next, in seconds; on AWS whole minutes, rounded up. @throws ZodError where the configuration is not valid */
  everySeconds(config: JsonObject): number;
  /**
   * Asks the source for what came after `cursor`; a poll that takes longer than 20 s has failed. Never throws for what a
   * source or a network can cause. What `receive` makes of each event has a natural key: a poll may be made again.
   */
  poll(context: PollContext): Promise<Polled<Event>>;
  /** Tells the source that events are stored, where it wants to know (a mail is marked as read). Repeats are harmless. */
  acknowledge?(events: readonly Event[], context: PollContext): Promise<void>;
}

export interface PollContext extends AllowedTargets {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
  /**
   * What the last poll whose events are stored has returned; `null` before the first. It may be of another configuration
   * of the connector.
   */
  readonly cursor: JsonValue;
  /** Unix ms. */
  readonly now: number;
  /** Aborts when the process stops or the connector changes. */
  readonly signal: AbortSignal;
}

export type Polled<Event> =
  | {
      readonly outcome: 'polled';
      /** In order. */
      readonly events: readonly Event[];
      /** Stored in the same write as the runs of `events`. */
      readonly cursor: JsonValue;
      /** More waits: to be polled again at once. */
      readonly more: boolean;
    }
  /** A sentence without secrets. The source is polled again when it is due. */
  | { readonly outcome: 'failed'; readonly error: string };

/** The type keeps a connection of its own, for which the process has to stay. */
export interface ListenWay<Event> extends ForSome {
  /** Begins to listen. The engine begins again when the connector changes. Never throws; what goes wrong is reported. */
  listen(context: ListenContext<Event>): Listening;
}

/** The platform reads a stream or a queue and calls a function with batches (Lambda's event source mappings). */
export interface MappingWay<Event> extends ForSome {
  /** What is to be read, for one connector. @throws ZodError where the configuration is not valid */
  source(connector: Connector, secrets: Readonly<Record<string, string>>): MappedSource;
  /**
   * Equal for parameters that one mapping can be changed to; others need a new mapping, made once the old one is gone.
   *
   * @param mapping parameters of `source`, or what Lambda tells of a mapping
   */
  identityOf(mapping: JsonObject): string;
  /**
   * The events of one invocation, in groups that are taken or not taken as a whole. The groups are taken side by side,
   * the events of each in order.
   * @throws ZodError where the invocation is not of this kind
   */
  events(invocation: unknown): readonly MappedEvents<Event>[];
}

/** An event source mapping, in the words of Lambda's CreateEventSourceMapping. */
export interface MappedSource {
  /**
   * A stream is read in order and waits for no one: the engine adds the pollers, the tries and where batches go that were
   * given up. A queue keeps what was not taken, and has dead letters of its own.
   */
  readonly kind: 'stream' | 'queue';
  /** Parameters of this source; the engine adds the function and the tag. */
  readonly parameters: JsonObject;
  /** What Lambda is to read from Secrets Manager, by the kind of access (`SASL_SCRAM_512_AUTH`); JSON each. */
  readonly access: readonly MappedAccess[];
  /** Whether the source is reached through the deployment's network, where it has one. */
  readonly inNetwork: boolean;
}

export const accessNames = ['credentials', 'certificate'] as const;

/** What a secret of an event source holds. Lambda wants each in a secret of its own. */
export type AccessName = (typeof accessNames)[number];

export interface MappedAccess {
  /** A `SourceAccessConfiguration`'s type. */
  readonly type: string;
  readonly name: AccessName;
  readonly content: JsonObject;
}

export interface MappedEvents<Event> {
  readonly events: readonly Event[];
  /** What Lambda is told where the group could not be taken: `itemIdentifier` of each of its failures. */
  readonly itemIdentifiers: readonly JsonValue[];
  /** Where the group stands at its source, for the log. */
  readonly place: JsonObject;
}

/** The platform's event bus sends matching events to the deployment (EventBridge). */
export interface RuleWay<Event> extends ForSome {
  /** @throws ZodError where the configuration is not valid */
  rule(config: JsonObject): EventRule;
  /**
   * The event as the type takes it.
   *
   * @param text the whole event as JSON, with the digits of its numbers as they were sent
   * @throws Error where it is none of this type's
   */
  event(text: string): Event;
}

export interface EventRule {
  /** Of EventBridge (user guide, "Event patterns"). */
  readonly pattern: JsonObject;
  /** Name of the bus. */
  readonly bus: string;
}

/** A caller keeps a connection open, and each of its messages may start runs (WebSocket). */
export interface SocketWay extends ForSome {
  /** As of `RequestWay`. */
  readonly suffix: string;
  /** As of `RequestWay`; where `open` takes everybody in, nobody's messages. */
  decoy(): JsonObject;
  /**
   * Takes a connection in, or refuses it before it is one. Never throws for what a caller can cause.
   *
   * @param connectionId tells connections apart; nobody can guess it
   */
  open(request: HttpRequest, context: ReceiveContext, connectionId: string): Promise<Opened | Refused>;
  /** One message of the other side. Whatever is to be remembered goes into the session. Never throws, as `open`. */
  message(text: string, session: JsonObject, context: ReceiveContext): Promise<SocketMessage>;
  /** The other side has left, or was told to. */
  close?(session: JsonObject): void;
  /** Mode `sync`: how long the answer to a message is awaited, in ms. @throws ZodError where the configuration is not valid */
  deadlineMs?(connector: Connector): number;
  /**
   * How the answer to the message is written from which `session` comes, one text message a piece.
   *
   * @param agents names of those that the message starts, in link order
   */
  stream(session: JsonObject, agents: readonly string[]): SocketStream;
}

/** What a connection is while it lasts: JSON, since functions share no memory. */
export interface Opened {
  readonly outcome: 'opened';
  readonly session: JsonObject;
  readonly send: readonly string[];
  /** After so many seconds without a message, or an answer to one, the connection is closed. */
  readonly idleSeconds: number;
}

export interface SocketMessage {
  /** Sent at once, before anything of the runs. */
  readonly send: readonly string[];
  readonly session: JsonObject;
  /** Changes the time that `open` gave. */
  readonly idleSeconds?: number;
  /** What the message starts; `null` for one that starts nothing. */
  readonly received: Received | null;
  /** Closes the connection after what is sent (RFC 6455, section 7.4). */
  readonly close?: { readonly code: number; readonly reason: string };
}

/** What is sent about a message that was to start runs. */
export interface SocketStream {
  /** The runs are stored and sure to be executed. */
  accepted(accepted: AcceptedTrigger): readonly string[];
  /** Nothing was started, or what was cannot be read. */
  refused(refused: Refused): readonly string[];
  /** Mode `sync`: text of the first run's answer, as its model writes it; `null` where it is sent whole. */
  text(runId: string, text: string): string | null;
  /** Mode `sync`: the runs have ended, or the wait is over. `session` is the one to go on with. */
  ended(awaited: AwaitedRuns): { readonly send: readonly string[]; readonly session: JsonObject };
}
