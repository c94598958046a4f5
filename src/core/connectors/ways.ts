import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Run } from '../runs/run.ts';
import type { Trace } from '../runs/trace.ts';
import type { Schedule } from '../schedules/schedule.ts';
import type { AcceptedTrigger, AwaitedRuns } from './accepted-trigger.ts';
import type { Connector } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { AnswerStream, HttpAnswer, HttpHeaders, HttpRequest } from './http-request.ts';
import type { ListenContext, Listening } from './listening.ts';
import type { AllowedTargets } from './private-targets.ts';
import type { ReceiveContext, Received, Refused } from './received.ts';

export const ways = ['request', 'schedule', 'poll', 'listen', 'mapping', 'rule', 'socket'] as const;

/** How events arrive. An engine implements each way once, for all types; no engine implements all ways. */
export type Way = (typeof ways)[number];

/**
 * The ways in which events of one mode can arrive. An engine uses all of them that it implements, with one exception:
 * `listen`, `mapping` and `poll` fetch the same events, so it uses only the first of these.
 *
 * @typeParam Event what all ways except requests and sockets pass to the type's own `receive`
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

/** Part of every way: which connectors of the mode use it, if not all do. */
interface ForSome {
  /** @param config a valid one */
  serves?(config: JsonObject): boolean;
}

/** A caller sends a request to the connector's URL and gets an answer. */
export interface RequestWay extends ForSome {
  /** End of the connector's URL, which gives each mode its own URL: empty, or for example `/sync`. */
  readonly suffix: string;
  /** Turns one request into a payload, or says why not. Never throws because of something that a sender does. */
  receive(request: HttpRequest, context: ReceiveContext): Promise<Received>;
  /**
   * The configuration with which the engine answers calls to unknown ids: one whose credentials nobody has. The text
   * and the time of the answer are then the same as for a wrong secret.
   */
  decoy(): JsonObject;
  /** Headers for every answer of a known connector, such as those that let a web page read it. */
  headers?(request: HttpRequest, connector: Connector): HttpHeaders | undefined;
  /**
   * Whether a header authenticates the sender, besides those whose names show it: its value is never kept.
   * @param name in lower case
   */
  isCredential?(name: string, value: string, connector: Connector): boolean;
  /** Whether conditions and runs are told a header in full. @param name in lower case */
  passesHeader?(name: string, connector: Connector): boolean;
  /** The type's answer to an event whose runs are stored; by default, their ids. Not for mode `sync`. */
  answerAccepted?(accepted: AcceptedTrigger): HttpAnswer;
  /** The type's answer to a refused event; by default, `{"detail", "code"}`. */
  answerRefused?(refused: Refused): HttpAnswer;
  /** Mode `sync`: how long a caller waits, in ms. @throws ZodError if the configuration is not valid */
  deadlineMs?(connector: Connector): number;
  /** Mode `sync`: the type's answer when the runs have ended or the wait is over; by default, `{"status", "result"}`. */
  answerEnded?(accepted: AcceptedTrigger, awaited: AwaitedRuns): HttpAnswer;
  /** Mode `sync`: how this request's answer is streamed; `null` if the sender wants it as a whole. */
  stream?(request: HttpRequest): AnswerStream | null;
}

/** Events are points in time: the engine passes each as a `Tick`. */
export interface ScheduleWay extends ForSome {
  /** When they are due. @throws ZodError if the configuration is not valid */
  schedule(config: JsonObject): Schedule;
  /** The same for a platform that keeps the schedules itself. @throws as `schedule` */
  platformSchedules(config: JsonObject): PlatformSchedules;
}

/** A schedule in the syntax of EventBridge Scheduler. */
export type PlatformSchedules =
  | {
      readonly outcome: 'expressed';
      /** One or two `cron(...)`. If both match the same time, it is one tick. */
      readonly expressions: readonly string[];
      /** As the IANA database writes it. */
      readonly timeZone: string;
    }
  /** `reason` is a sentence for the author of the schedule. */
  | { readonly outcome: 'inexpressible'; readonly reason: string };

/** The engine asks for new events at intervals. */
export interface PollWay<Event> extends ForSome {
  /** Time between two polls, in seconds; on AWS, rounded up to whole minutes. @throws ZodError if the configuration is not valid */
  everySeconds(config: JsonObject): number;
  /**
   * Asks the source for events after `cursor`; a poll that takes longer than 20 s fails. Never throws because of the
   * source or the network. `receive` must give each event a natural key, because a poll may be repeated.
   */
  poll(context: PollContext): Promise<Polled<Event>>;
  /** Tells the source that events are stored, if it needs to know (marks a mail as read). Must be repeatable. */
  acknowledge?(events: readonly Event[], context: PollContext): Promise<void>;
  /**
   * Between polls, watches the source if the process keeps running; other engines only poll. Ends with the signal, and
   * recovers from failures, which the polls report.
   */
  watch?(context: WatchContext): void;
}

/** What a type gets to notice new events between polls. */
export interface WatchContext extends AllowedTargets {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
  /** Aborts when the process stops or the connector changes. */
  readonly signal: AbortSignal;
  /** Events may wait: the engine polls as soon as it can. */
  readonly wake: () => void;
}

export interface PollContext extends AllowedTargets {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
  /**
   * The cursor that the last poll with stored events returned; `null` before the first. The connector may have had another
   * configuration then.
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
      /** More events wait: the engine polls again immediately. */
      readonly more: boolean;
    }
  /** `error` is a sentence without secrets. The next poll takes place when it is due. */
  | { readonly outcome: 'failed'; readonly error: string };

/** The type keeps its own connection open, so the process must keep running. */
export interface ListenWay<Event> extends ForSome {
  /** Begins to listen. The engine restarts it when the connector changes. Never throws: it reports failures. */
  listen(context: ListenContext<Event>): Listening;
}

/** The platform reads a stream or a queue and calls a function with batches (Lambda's event source mappings). */
export interface MappingWay<Event> extends ForSome {
  /** What to read, for one connector. @throws ZodError if the configuration is not valid */
  source(connector: Connector, secrets: Readonly<Record<string, string>>): MappedSource;
  /**
   * Equal for parameters between which one mapping can be changed. Others need a new mapping, created once the old one is
   * gone.
   *
   * @param mapping parameters of `source`, or Lambda's description of a mapping
   */
  identityOf(mapping: JsonObject): string;
  /**
   * The events of one invocation, in groups that succeed or fail as a whole. Groups are processed concurrently, the events
   * of each in order.
   * @throws ZodError if the invocation is not of this kind
   */
  events(invocation: unknown): readonly MappedEvents<Event>[];
}

/** An event source mapping, with the parameters of Lambda's CreateEventSourceMapping. */
export interface MappedSource {
  /**
   * A stream is read in order: the engine adds the pollers, the number of tries, and the destination of batches that fail
   * for good. A queue keeps failed messages, and has its own dead letters.
   */
  readonly kind: 'stream' | 'queue';
  /** Parameters of this source; the engine adds the function and the tag. */
  readonly parameters: JsonObject;
  /** Secrets that Lambda reads from Secrets Manager, by type of access (`SASL_SCRAM_512_AUTH`); each is JSON. */
  readonly access: readonly MappedAccess[];
  /** Whether Lambda reaches the source through the deployment's network, if it has one. */
  readonly inNetwork: boolean;
}

export const accessNames = ['credentials', 'certificate'] as const;

/** What a secret of an event source contains. Lambda requires a separate secret for each. */
export type AccessName = (typeof accessNames)[number];

export interface MappedAccess {
  /** A `SourceAccessConfiguration`'s type. */
  readonly type: string;
  readonly name: AccessName;
  readonly content: JsonObject;
}

export interface MappedEvents<Event> {
  readonly events: readonly Event[];
  /** What the function reports to Lambda if the group fails: the `itemIdentifier` of each failure. */
  readonly itemIdentifiers: readonly JsonValue[];
  /** The position of the group at its source, for the log. */
  readonly place: JsonObject;
}

/** The platform's event bus sends matching events to the deployment (EventBridge). */
export interface RuleWay<Event> extends ForSome {
  /** @throws ZodError if the configuration is not valid */
  rule(config: JsonObject): EventRule;
  /**
   * Converts an event to what the type expects.
   *
   * @param text the whole event as JSON, with the digits of its numbers as they were sent
   * @throws Error if it is not an event of this type
   */
  event(text: string): Event;
}

export interface EventRule {
  /** An event pattern of EventBridge (user guide, "Event patterns"). */
  readonly pattern: JsonObject;
  /** Name of the bus. */
  readonly bus: string;
}

/** A caller keeps a connection open, and each of its messages may start runs (WebSocket). */
export interface SocketWay extends ForSome {
  /** As in `RequestWay`. */
  readonly suffix: string;
  /** As in `RequestWay`; if `open` accepts every caller, this configuration must accept nobody's messages. */
  decoy(): JsonObject;
  /**
   * Accepts or refuses the handshake of a connection. Never throws because of something that a caller does.
   *
   * @param connectionId unique and impossible to guess
   */
  open(request: HttpRequest, context: ReceiveContext, connectionId: string): Promise<Opened | Refused>;
  /**
   * Handles one message of the caller. State that must persist goes into the session. Never throws, as `open`.
   *
   * @param messageId set if the platform may bring a message more than once: unique within the connection
   */
  message(
    text: string,
    session: JsonObject,
    context: ReceiveContext,
    messageId?: string,
  ): Promise<SocketMessage>;
  /** The connection has ended, closed by either side. */
  close?(session: JsonObject): void;
  /** Mode `sync`: how long the engine waits for the answer to a message, in ms. @throws ZodError if the configuration is not valid */
  deadlineMs?(connector: Connector): number;
  /**
   * How to send the answer to the message that returned `session`, in text messages.
   *
   * @param agents names of the agents that the message triggers, in link order
   */
  stream(session: JsonObject, agents: readonly string[], connector: Connector): SocketStream;
  /** What a message to the client means, for a client that knows no types (`connectors send`). */
  meaningOf?(text: string): SentMeaning;
}

export type SentMeaning =
  /** The runs that answer. */
  | { readonly kind: 'started'; readonly runIds: readonly string[] }
  /** Part of an answer, as the model writes it. */
  | { readonly kind: 'text'; readonly agent: string; readonly text: string }
  | { readonly kind: 'answer'; readonly agent: string; readonly output: string }
  /** @property runId `null` if no run was started */
  | { readonly kind: 'failed'; readonly runId: string | null; readonly detail: string }
  | { readonly kind: 'other' };

/** An accepted connection. Its session is JSON, because functions share no memory. */
export interface Opened {
  readonly outcome: 'opened';
  readonly session: JsonObject;
  readonly send: readonly string[];
  /** The engine closes the connection after this many seconds without a message or an answer. */
  readonly idleSeconds: number;
  /** The largest message that it may bring, in bytes, if the platform allows it: 1 MiB by default. */
  readonly maxMessageBytes?: number;
}

export interface SocketMessage {
  /** Sent immediately, before any message about the runs. */
  readonly send: readonly string[];
  readonly session: JsonObject;
  /** Replaces the value from `open`. */
  readonly idleSeconds?: number;
  /** What the message starts; `null` for one that starts nothing. */
  readonly received: Received | null;
  /** Closes the connection after sending `send` (RFC 6455, section 7.4). */
  readonly close?: { readonly code: number; readonly reason: string };
}

/** What to send about a message that may start runs. */
export interface SocketStream {
  /** The runs are stored, and will execute. */
  accepted(accepted: AcceptedTrigger): readonly string[];
  /** No runs were started, or their state cannot be read. */
  refused(refused: Refused): readonly string[];
  /** Mode `sync`: text of a run's answer, as its model writes it; absent to send the answer as a whole. */
  readonly text?: (runId: string, text: string) => string;
  /** Mode `sync`: a run's trace so far, about once a second; absent if the client does not hear of steps. */
  readonly progress?: (runId: string, trace: Trace) => readonly string[];
  /** Mode `sync`: one run has ended, before `ended`. */
  readonly runEnded?: (run: Run) => readonly string[];
  /** Mode `sync`: the runs have ended, or the wait is over. The connection continues with `session`. */
  ended(awaited: AwaitedRuns): { readonly send: readonly string[]; readonly session: JsonObject };
}
