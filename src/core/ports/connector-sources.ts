import type { Backlog } from '../connectors/listening.ts';

/** The current state of a connector's source, if the product must fetch or schedule its events. */
export interface SourceState {
  /** `stopped`: the connector is disabled or has no agents; `starting`: it has not connected yet. */
  readonly status: 'stopped' | 'starting' | 'running' | 'failing';
  /** Unix ms of the last change of `status`; `null` if unknown. */
  readonly since: number | null;
  /** Why it fails now or failed last, in one sentence. */
  readonly lastError: { readonly at: number; readonly message: string } | null;
  /** Unix ms of the next event, if known in advance. */
  readonly nextEventAt: number | null;
  /** `null` if the source has none or does not report it. */
  readonly backlog: Backlog | null;
}

/** What is known about a source without asking it. */
export type SourceHealthState = Pick<SourceState, 'status' | 'since' | 'lastError'>;

/** Reports the state of the connectors' sources. */
export interface ConnectorSources {
  /** `null` for a connector that is called from outside and needs no source. */
  state(connectorId: string): Promise<SourceState | null>;
  /** Like `state`, without what only the source knows: for many connectors at a time. */
  health(connectorId: string): Promise<SourceHealthState | null>;
}
