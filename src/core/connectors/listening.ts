import type { Connector } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { AllowedTargets } from './private-targets.ts';

/** What a type gets to listen for the events of one connector. */
export interface ListenContext<Event> extends AllowedTargets {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
  /**
   * Takes events, in order. Resolves once each of them is durable, as runs or as a dead letter. Only then may the type
   * acknowledge them to the source. A repeat starts nothing.
   *
   * @throws RetryableError when nothing can be taken now; pass the same events again later
   */
  readonly take: (events: readonly Event[]) => Promise<void>;
  /** Reports the health of the source whenever it changes. */
  readonly report: (health: SourceHealth) => void;
}

export type SourceHealth =
  | { readonly status: 'running' }
  /** Not connected; the type keeps retrying. `reason` is a sentence without secrets. */
  | { readonly status: 'failing'; readonly reason: string };

/** A running listener. */
export interface Listening {
  /** Resolves once nothing more is taken and every connection is closed. */
  stop(): Promise<void>;
  /** How much waits, if the source has a backlog. @throws Error if the source does not answer */
  backlog?(): Promise<Backlog | null>;
}

/** The events that wait at a source. */
export interface Backlog {
  /** Number of events; `null` if unknown. */
  readonly waiting: number | null;
  /** Age of the oldest. */
  readonly oldestSeconds?: number;
  /** For a source that consists of ordered streams. */
  readonly parts?: readonly StreamPosition[];
}

/** The backlog of a source that consists of streams. */
export function backlogOfStreams(parts: readonly StreamPosition[]): Backlog {
  const known = parts.map(waitingOf).filter((waiting) => waiting !== null);
  return { waiting: known.length === 0 ? null : known.reduce((sum, waiting) => sum + waiting, 0), parts };
}

/** The events that wait in a stream; `null` if none was taken from it yet, because the stream may begin anywhere. */
export function waitingOf({ next, end }: StreamPosition): number | null {
  return next === null ? null : Math.max(0, end - next);
}

/** The position reached in one ordered stream of a source. */
export interface StreamPosition {
  /** Name of the stream within the source, such as the partition of a topic. */
  readonly stream: string;
  /** Position of the first event that is not taken yet; `null` if none was taken so far. */
  readonly next: number | null;
  /** Position that the next new event will have. */
  readonly end: number;
}
