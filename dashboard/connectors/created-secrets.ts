import type { ConnectorSecret } from '../../src/api/contract/connector.ts';

const waiting = new Map<string, string>();

/** Hands the secret of a connector that was just created to the details that open next. */
export function handOverSecret(connectorId: string, secret: string): void {
  waiting.clear();
  waiting.set(connectorId, secret);
}

/** Reads it, as often as React renders the details before they are on the page. */
export function createdSecret(connectorId: string): ConnectorSecret | null {
  const secret = waiting.get(connectorId);
  return secret === undefined ? null : { secret, previous_valid_until: null };
}

/** Forgets it: from now on only the details that show it have it. */
export function forgetCreatedSecret(connectorId: string): void {
  waiting.delete(connectorId);
}
