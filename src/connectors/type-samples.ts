import type { Arbitrary } from 'fast-check';
import type { Mode } from '../core/connectors/connector.ts';
import type { ConnectorSecrets } from '../core/connectors/connector-secrets.ts';
import type { HttpRequest } from '../core/connectors/http-request.ts';
import type { JsonObject, JsonValue } from '../core/json/json-value.ts';

/** What a connector type brings for the conformance suite, as `samples` in `<type>/samples.ts`. */
export interface TypeSamples<Event = never, Message = never> {
  /** Requests that are taken; at least one for each way to authenticate. */
  readonly requests?: readonly EventSample<HttpRequest>[];
  /** Anything that a sender may send, broken or not. Needed where the type takes requests. */
  readonly anyRequest?: Arbitrary<HttpRequest>;
  /** Events of the other ways that are taken. */
  readonly events?: readonly EventSample<Event>[];
  /** Anything that a source may bring, broken or not. Needed where the type takes events of its own. */
  readonly anyEvent?: Arbitrary<Event>;
  /** What of a message others see or keep: the URL, the topic, the body. Headers for the receiver alone are none. */
  readonly visible?: (message: Message) => string;
}

/** One event that a connector takes. */
export interface EventSample<Event> {
  readonly title: string;
  readonly mode: Exclude<Mode, 'outbound'>;
  readonly config: JsonObject;
  readonly secrets: ConnectorSecrets;
  /** Creates the event again: its body can be read once. @param now Unix ms at which it is received */
  readonly event: (now: number) => Event;
  readonly payload: JsonValue;
  /** Whether only the holder of the secrets can send it. */
  readonly authenticated: boolean;
}
