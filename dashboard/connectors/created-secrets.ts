import type { ConnectorSecret } from '../../src/api/contract/connector.ts';

const waiting = new Map<string, string>();

/** Hands the secret of a connector that was just created to the details that open next. */
export function handOverSecret(connectorId: string, secret: string): void {
  waiting.clear();
  waiting.set(connectorId, secret);
}

/** Takes it; there is nothing to take a second time. */
export function takeCreatedSecret(connectorId: string): ConnectorSecret | null {
  const secret = waiting.get(connectorId);
  if (secret === undefined) return null;
  // React's strict mode asks twice within one rendering.
  queueMicrotask(() => waiting.delete(connectorId));
  return { secret, previous_valid_until: null };
}
