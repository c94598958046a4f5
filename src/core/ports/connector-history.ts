import type { Page, PageRequest } from './page.ts';

/** An event of a connector that is not a run, a delivery, or an operator's action. */
export interface ConnectorEvent {
  /** Derived if the same event may be recorded twice. */
  readonly eventId: string;
  readonly connectorId: string;
  readonly at: number;
  /** noun.verb: `tick.missed`, `tick.skipped`, `source.failing`, `source.running`, `connector.disabled`. */
  readonly event: string;
  /** One sentence, never a secret. */
  readonly detail: string;
}

/** Keeps the events of connectors for as long as runs are kept. */
export interface ConnectorHistory {
  /** Adds an event; a repeat of the same id adds nothing. */
  append(event: ConnectorEvent): Promise<void>;
  list(connectorId: string, request: PageRequest): Promise<Page<ConnectorEvent>>;
}
