import type { Page, PageRequest } from './page.ts';

/** Something that happened to a connector and is neither a run nor a delivery nor anybody's doing. */
export interface ConnectorEvent {
  /** Derived where the same event may be noted twice. */
  readonly eventId: string;
  readonly connectorId: string;
  readonly at: number;
  /** noun.verb: `tick.missed`, `tick.skipped`, `source.failing`, `source.running`. */
  readonly event: string;
  /** One sentence, never a secret. */
  readonly detail: string;
}

/** Keeps what happened to connectors, as long as runs are kept. */
export interface ConnectorHistory {
  /** Adds an event; a repeat of the same id adds nothing. */
  append(event: ConnectorEvent): Promise<void>;
  list(connectorId: string, request: PageRequest): Promise<Page<ConnectorEvent>>;
}
