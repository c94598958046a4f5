import type { Received } from '../connectors/received.ts';
import type { Engine } from '../ports/engine.ts';
import { refuseLongChain } from '../runs/run-chain.ts';

/**
 * Finds out which runs led to an event that carries their chain, and refuses it if they are too many.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function followChain(engine: Engine, received: Received): Promise<Received> {
  if (received.outcome !== 'accepted' || received.signedChain === undefined) return received;
  const chain = await engine.chains.read(received.signedChain);
  const tooLong = refuseLongChain(chain, engine.settings.maxDepth);
  if (tooLong !== null) return { outcome: 'refused', reason: tooLong.reason, detail: tooLong.detail };
  return { ...received, chain };
}
