import { uuidV7 } from '../identifiers.ts';
import type { Engine } from '../ports/engine.ts';

/**
 * Records an action in the audit log.
 *
 * @param actor who did it: `admin-token`, an operator's or an API key's name; `system` for the product itself
 * @param action noun.verb, in the past: `connector.created`
 * @param subject id or name of the thing acted on
 * @param detail one more sentence, never a secret
 */
export async function recordAction(
  engine: Engine,
  actor: string,
  action: string,
  subject: string,
  detail: string | null = null,
): Promise<void> {
  const at = engine.clock();
  await engine.audit.append({ entryId: uuidV7(at, engine.entropy), at, actor, action, subject, detail });
}
