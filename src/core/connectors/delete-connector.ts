import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { namedSecretsId } from '../ports/secret-store.ts';
import { connectorNotFound, type Refusal } from '../refusal.ts';
import { openRegistered, unregisterConnector } from './register-connector.ts';

/**
 * Deletes a connector, its secrets and its registration at the provider, and cancels its pending and held deliveries;
 * its runs stay. Deletes the record first: after a crash, nothing can receive or send, and deleting again removes the
 * rest.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function deleteConnector(
  engine: Engine,
  actor: string,
  connectorId: string,
): Promise<{ readonly outcome: 'deleted' } | Refusal<'connector-not-found'>> {
  if (connectorId === namedSecretsId) return connectorNotFound(connectorId);
  const registered = await openRegistered(engine, connectorId);
  const stored = await engine.connectors.get(connectorId);
  const deleted = await engine.connectors.delete(connectorId);
  const unregistered = registered === null ? null : await unregisterConnector(engine, registered);
  await engine.secrets.delete(connectorId);
  if (stored !== null) await engine.connectorNames.release(stored.name, connectorId);
  if (deleted === 'missing') return connectorNotFound(connectorId);
  const left = unregistered?.outcome === 'failed' ? `Left at the provider: ${unregistered.error}` : undefined;
  await recordAction(engine, actor, 'connector.deleted', connectorId, left);
  return { outcome: 'deleted' };
}
