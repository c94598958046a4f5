import type { Connector } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { AllowedTargets } from './private-targets.ts';

/** What a type that fetches its events itself is given to do so for one connector. */
export interface ListenContext<Event> extends AllowedTargets {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
  /**
   * Takes events, in order. Resolves once each of them is durable: as runs, or as a dead letter. Only then may the
   * source be told that they were received. A repeat starts nothing.
   *
   * @throws RetryableError when nothing can be taken now; the same events are to be handed over again later
   */
  readonly take: (events: readonly Event[]) => Promise<void>;
  /** Tells how the listening goes, whenever that changes. */
  readonly report: (health: SourceHealth) => void;
}

export type SourceHealth =
  | { readonly status: 'running' }
  /** Not connected; the type tries again by itself. `reason` is a sentence without secrets. */
  | { readonly status: 'failing'; readonly reason: string };

/** A listening that goes on until it is stopped. */
export interface Listening {
  /** Resolves when nothing more is taken and every connection is closed. */
  stop(): Promise<void>;
  /** Where the source has a backlog: how far it reaches. @throws Error where the source does not answer */
  backlog?(): Promise<Backlog | null>;
}

/** What waits at a source. */
export interface Backlog {
  /** Number of events; `null` where it cannot be told. */
  readonly waiting: number | null;
  /** Age of the oldest. */
  readonly oldestSeconds?: number;
  /** Of a source that consists of ordered streams. */
  readonly parts?: readonly StreamPosition[];
}

/** The backlog of a source that consists of streams. */
export function backlogOfStreams(parts: readonly StreamPosition[]): Backlog {
  const known = parts.map(waitingOf).filter((waiting) => waiting !== null);
  return { waiting: known.length === 0 ? null : known.reduce((sum, waiting) => sum + waiting, 0), parts };
}

/** What nobody has taken of a stream that was never taken from is not known: it may begin anywhere. */
export function waitingOf({ next, end }: StreamPosition): number | null {
  return next === null ? null : Math.max(0, end - next);
}

/** How far one ordered stream of a source has been taken. */
export interface StreamPosition {
  /** Name of the stream within the source, such as the partition of a topic. */
  readonly stream: string;
  /** Position of the first event that is not taken yet; `null` where none was taken so far. */
  readonly next: number | null;
  /** Position that the next event to arrive will have. */
  readonly end: number;
}
