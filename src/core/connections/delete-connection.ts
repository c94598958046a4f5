import { RetryableError } from '../errors.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectionNotFound, type Refusal, refuse } from '../refusal.ts';

/**
 * Deletes a connection that no connector uses.
 *
 * @returns `refused` with the names of the connectors that use it
 * @throws RetryableError when the store is unavailable
 */
export async function deleteConnection(
  engine: Engine,
  actor: string,
  connectionId: string,
): Promise<{ readonly outcome: 'deleted' } | Refusal<'connection-not-found' | 'connection-used'>> {
  const stored = await engine.connections.get(connectionId);
  if (stored === null) return connectionNotFound(connectionId);
  const { name } = stored.connection;
  const deleted = await engine.connections.delete(connectionId);
  if (deleted === 'missing') return connectionNotFound(connectionId);
  if (deleted === 'used') {
    const users = (await engine.connectors.using(connectionId)).map((connector) => `"${connector.name}"`);
    if (users.length === 0) throw new RetryableError('Another change is in progress. Try again.');
    const remedy = 'Give them another connection, or delete them first.';
    return refuse('connection-used', `The connection "${name}" is used by ${users.join(', ')}. ${remedy}`);
  }
  await recordAction(engine, actor, 'connection.deleted', connectionId, `Deleted "${name}".`);
  return { outcome: 'deleted' };
}
