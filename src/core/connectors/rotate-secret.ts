import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, noSecret, type Refusal } from '../refusal.ts';
import type { SecretHash } from './connector.ts';
import { hashSecret } from './connector-secrets.ts';
import { updateConnector } from './update-connector.ts';

export type SecretOutcome =
  | {
      readonly outcome: 'shown';
      readonly secret: string;
      /** Until when the previous secret is also valid, Unix ms; `null` if it is not. */
      readonly previousValidUntil: number | null;
    }
  | Refusal<'connector-not-found' | 'no-secret'>;

/**
 * Reads a connector's secret for an operator.
 *
 * @throws RetryableError when the store is unavailable
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

/**
 * Gives a connector a new secret. The old one stays valid for `graceSeconds`; 0 ends it and every earlier one
 * immediately.
 *
 * The new secret is accepted before it is stored, and the old one ends only after that. After a crash at any point, the
 * secret that operators see is valid, and rotating again repairs the rest.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function rotateSecret(
  engine: Engine,
  actor: string,
  connectorId: string,
  graceSeconds: number,
): Promise<SecretOutcome> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null) return connectorNotFound(connectorId);
  const secret = engine.types.get(connector.type)?.modes[connector.mode]?.makeSecret?.(engine.entropy);
  if (secret === undefined) return noSecret(connectorId);

  const fresh: SecretHash = { sha256: hashSecret(secret), expiresAt: null };
  const accepted = await updateConnector(engine, connectorId, (stored) => ({
    secretHashes: [fresh, ...stored.secretHashes],
  }));
  if (accepted.outcome === 'refused') return accepted;

  const now = engine.clock();
  const endOfGrace = now + graceSeconds * 1_000;
  const { previous } = await engine.secrets.change(connectorId, (before) => ({
    ...before,
    current: secret,
    previous:
      graceSeconds > 0 && before.current !== null ? { secret: before.current, expiresAt: endOfGrace } : null,
  }));

  const retired = await updateConnector(engine, connectorId, async (stored) => {
    // Of two concurrent rotations, the one that stored its secret last determines the connector's secret.
    const { current } = await engine.secrets.get(connectorId);
    const valid: SecretHash = { sha256: hashSecret(current ?? secret), expiresAt: null };
    return { secretHashes: [valid, ...earlierHashes(stored.secretHashes, valid, now, endOfGrace)] };
  });
  if (retired.outcome === 'refused') return retired;
  await recordAction(engine, actor, 'secret.rotated', connectorId, graceSentence(graceSeconds));
  return { outcome: 'shown', secret, previousValidUntil: previous?.expiresAt ?? null };
}

/** All hashes except the valid one, after the rotation: each with an end, and without those that have ended. */
function earlierHashes(
  hashes: readonly SecretHash[],
  valid: SecretHash,
  now: number,
  endOfGrace: number,
): SecretHash[] {
  return hashes
    .filter(({ sha256 }) => sha256 !== valid.sha256)
    .map((hash) => ({ ...hash, expiresAt: Math.min(hash.expiresAt ?? endOfGrace, endOfGrace) }))
    .filter(({ expiresAt }) => expiresAt > now);
}

function graceSentence(graceSeconds: number): string {
  return graceSeconds === 0
    ? 'The old secret was invalidated immediately.'
    : `The old secret is valid for ${graceSeconds} more s.`;
}
