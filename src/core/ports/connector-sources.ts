import type { Backlog } from '../connectors/listening.ts';

/** What brings a connector its events at the moment, where the product has to fetch or to schedule them. */
export interface SourceState {
  /** `stopped`: the connector is disabled or has no agents; `starting`: not connected for the first time yet. */
  readonly status: 'stopped' | 'starting' | 'running' | 'failing';
  /** Unix ms of the last change of `status`; `null` where it is not known. */
  readonly since: number | null;
  /** Why it fails now or failed last, in one sentence. */
  readonly lastError: { readonly at: number; readonly message: string } | null;
  /** Unix ms of the next event, where it is known beforehand. */
  readonly nextEventAt: number | null;
  /** `null` where the source has none or does not tell. */
  readonly backlog: Backlog | null;
}

/** What is known of a source without asking it. */
export type SourceHealthState = Pick<SourceState, 'status' | 'since' | 'lastError'>;

/** Tells how the sources of connectors are doing. */
export interface ConnectorSources {
  /** `null` for a connector that is called from outside and needs no source. */
  state(connectorId: string): Promise<SourceState | null>;
  /** As `state`, without what only the source can tell: asked for many connectors at once. */
  health(connectorId: string): Promise<SourceHealthState | null>;
}
