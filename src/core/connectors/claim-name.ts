import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse } from '../refusal.ts';

/**
 * Ensures that no other connector has the name: people and commands refer to connectors by name.
 *
 * @returns `null` if the connector has the name now
 * @throws RetryableError when the store is unavailable
 */
export async function claimName(
  engine: Engine,
  name: string,
  connectorId: string,
): Promise<Refusal<'name-taken'> | null> {
  const claimed = await engine.connectorNames.claim(name, connectorId, engine.clock());
  if (claimed === 'claimed') return null;
  const refused = refuse('name-taken', `A connector named "${name}" already exists. Use another name.`);
  return { ...refused, problems: [{ field: 'name', message: 'is the name of another connector' }] };
}
