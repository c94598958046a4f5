import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse } from '../refusal.ts';

/**
 * Makes sure that no other connector has the name: names are how people and commands refer to connectors.
 *
 * @returns `null` where the name is the connector's now
 * @throws RetryableError when the store is away
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
