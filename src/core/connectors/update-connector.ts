import { RetryableError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, type Refusal } from '../refusal.ts';
import type { Connector } from './connector.ts';

/** The fields that a change may set. */
export type ConnectorChange = Partial<
  Pick<
    Connector,
    | 'name'
    | 'config'
    | 'secretFields'
    | 'connection'
    | 'agents'
    | 'conditions'
    | 'byChoice'
    | 'enabled'
    | 'disabledReason'
    | 'disabledPeriods'
    | 'paused'
    | 'failingSince'
    | 'failureTally'
    | 'secretHashes'
  >
>;

type Updated<Reason extends string> =
  | { readonly outcome: 'updated'; readonly connector: Connector }
  | { readonly outcome: 'unchanged'; readonly connector: Connector }
  | Refusal<Reason | 'connector-not-found'>;

/** Two operators and a delivery's health record may write at the same moment; more contention is refused. */
const maxTries = 5;

/**
 * Changes a connector as it is stored now. If another writer changes it in between, repeats the change on the new
 * state.
 *
 * @param change returns the change, a refusal, or `null` if there is nothing to change; called once per try
 * @throws RetryableError when the store is unavailable, or others keep changing the connector
 */
export async function updateConnector<Reason extends string = never>(
  engine: Engine,
  connectorId: string,
  change: (
    connector: Connector,
  ) => Promise<ConnectorChange | Refusal<Reason> | null> | ConnectorChange | Refusal<Reason> | null,
): Promise<Updated<Reason>> {
  for (let tries = 0; tries < maxTries; tries++) {
    const stored = await engine.connectors.get(connectorId);
    if (stored === null) return connectorNotFound(connectorId);
    const changed = await change(stored);
    if (changed === null) return { outcome: 'unchanged', connector: stored };
    if ('outcome' in changed) return changed;
    const connector = { ...stored, ...changed, version: stored.version + 1, updatedAt: engine.clock() };
    const replaced = await engine.connectors.replace(connector);
    if (replaced === 'replaced') return { outcome: 'updated', connector };
    if (replaced === 'missing') return connectorNotFound(connectorId);
  }
  throw new RetryableError('Another change of this connector is in progress. Try again.');
}
