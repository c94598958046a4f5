import type { ConnectorSecret } from '../../src/api/contract/connector.ts';

const waiting = new Map<string, string>();

/** Passes the secret of a new connector to its details, which open next. */
export function handOverSecret(connectorId: string, secret: string): void {
  waiting.clear();
  waiting.set(connectorId, secret);
}

/** Reads the secret; it stays available to remounted details while their page is open. */
export function createdSecret(connectorId: string): ConnectorSecret | null {
  const secret = waiting.get(connectorId);
  return secret === undefined ? null : { secret, previous_valid_until: null };
}

/**
 * Forgets the secret after the page has left the connector. Details that are only remounted, because something around
 * them reloads, still find it.
 */
export function forgetOnceLeft(connectorId: string): void {
  // The URL changes before or after the details unmount, depending on what closed them.
  setTimeout(() => {
    if (!window.location.href.includes(connectorId)) waiting.delete(connectorId);
  });
}

/** Forgets the secret, because it was hidden or is no longer valid. */
export function forgetCreatedSecret(connectorId: string): void {
  waiting.delete(connectorId);
}
