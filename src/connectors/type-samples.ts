import type { Arbitrary } from 'fast-check';
import type { Mode } from '../core/connectors/connector.ts';
import type { ConnectorSecrets } from '../core/connectors/connector-secrets.ts';
import type { HttpRequest } from '../core/connectors/http-request.ts';
import type { JsonObject, JsonValue } from '../core/json/json-value.ts';

/** The samples of a connector type for the conformance suite, exported as `samples` from `<type>/samples.ts`. */
export interface TypeSamples<Event = never, Message = never> {
  /** Requests that the type accepts, at least one for each way to authenticate. */
  readonly requests?: readonly EventSample<HttpRequest>[];
  /** Any request that a sender may send, valid or not. Required if the type accepts requests. */
  readonly anyRequest?: Arbitrary<HttpRequest>;
  /** Connections with a message that the type accepts, at least one for each way to authenticate. */
  readonly connections?: readonly ConnectionSample[];
  /** Any message that a client may send, valid or not. Required if the type accepts connections. */
  readonly anyMessage?: Arbitrary<string>;
  /** Events that the type's other ways accept. */
  readonly events?: readonly EventSample<Event>[];
  /** Any event that a source may deliver, valid or not. Required if the type has events of its own. */
  readonly anyEvent?: Arbitrary<Event>;
  /** The parts of a message that others see or keep: URL, topic, body. Excludes headers that only the receiver sees. */
  readonly visible?: (message: Message) => string;
}

/** An event that a connector accepts. */
interface Sample {
  readonly title: string;
  readonly mode: Exclude<Mode, 'outbound'>;
  readonly config: JsonObject;
  readonly secrets: ConnectorSecrets;
  readonly payload: JsonValue;
  /** Whether only the holder of the secrets can send it. */
  readonly authenticated: boolean;
}

export interface EventSample<Event> extends Sample {
  /** Creates the event again, because a body can be read only once. @param now Unix ms at which it is received */
  readonly event: (now: number) => Event;
}

/** A connection, named `sampleConnectionId`. */
export interface ConnectionSample extends Sample {
  readonly handshake: HttpRequest;
  /** In order. The last one has the payload. */
  readonly messages: readonly string[];
}

export const sampleConnectionId = '01939d1c-7a00-7000-8000-000000000001';
