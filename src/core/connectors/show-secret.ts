import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, noSecret, type Refusal } from '../refusal.ts';

export type SecretOutcome =
  | {
      readonly outcome: 'shown';
      readonly secret: string;
      /** Until when the secret before is valid too, Unix ms; `null` where it is not. */
      readonly previousValidUntil: number | null;
    }
  | Refusal<'connector-not-found' | 'no-secret'>;

/**
 * Reads a connector's secret for an operator.
 *
 * @throws RetryableError when the store is away
 */
export async function showSecret(engine: Engine, actor: string, connectorId: string): Promise<SecretOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  const { current, previous } = await engine.secrets.get(connectorId);
  if (current === null) return noSecret(connectorId);
  await recordAction(engine, actor, 'secret.shown', connectorId);
  const stillValid = previous !== null && previous.expiresAt > engine.clock();
  return { outcome: 'shown', secret: current, previousValidUntil: stillValid ? previous.expiresAt : null };
}
