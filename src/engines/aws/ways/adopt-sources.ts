import * as z from 'zod';
import { eachConnector } from '../../../core/connectors/each-connector.ts';
import { sourcesHomeKey } from '../store/keys.ts';
import { compareSources } from './compare-sources.ts';
import type { SourceParts } from './follow-source.ts';
import { sourceKindOf } from './source-kind.ts';
import { markChange } from './source-marks.ts';

/** A change at this time is due immediately. */
const longAgo = 0;

const homeItem = z.object({ home: z.string() });

/**
 * Updates all sources if the table did not belong to this deployment before: a table restored from a backup, or adopted
 * from a deleted stack. Its records say that the sources match, but the account's sources are from another time.
 * Sources of unknown connectors are removed immediately, and every connector gets its own source within minutes.
 *
 * @param home of the deployment and its table; changes when either is replaced
 * @throws RetryableError when the table, the scheduler, or Lambda is unavailable; the caller tries again later
 */
export async function adoptSources(parts: SourceParts, home: string): Promise<void> {
  const { engine, table } = parts;
  const stored = homeItem.safeParse(await table.get(sourcesHomeKey)).data;
  if (stored?.home === home) return;
  let marked = 0;
  for await (const connector of eachConnector(engine.connectors, 'inbound')) {
    const kind = sourceKindOf(engine.types, connector);
    if (kind === null) continue;
    await table.transact([markChange(connector.id, connector, kind, longAgo)]);
    marked += 1;
  }
  await compareSources(parts);
  await table.put({ ...sourcesHomeKey, home });
  engine.log.info('sources.adopted', { sources: marked });
}
