import type { ConnectorSecret } from '../../src/api/contract/connector.ts';

const waiting = new Map<string, string>();

/** Hands the secret of a connector that was just created to the details that open next. */
export function handOverSecret(connectorId: string, secret: string): void {
  waiting.clear();
  waiting.set(connectorId, secret);
}

/** Reads it, as often as its details are mounted while their page is open. */
export function createdSecret(connectorId: string): ConnectorSecret | null {
  const secret = waiting.get(connectorId);
  return secret === undefined ? null : { secret, previous_valid_until: null };
}

/**
 * Forgets it once the page has left the connector. Details that a page only remounts, because something around them
 * is loaded again, find it still here.
 */
export function forgetOnceLeft(connectorId: string): void {
  // The address changes before or after the details go, depending on what closed them.
  setTimeout(() => {
    if (!window.location.href.includes(connectorId)) waiting.delete(connectorId);
  });
}

/** Forgets it: it is hidden, or no longer valid. */
export function forgetCreatedSecret(connectorId: string): void {
  waiting.delete(connectorId);
}
