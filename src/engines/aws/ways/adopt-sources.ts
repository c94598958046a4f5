import * as z from 'zod';
import { eachConnector } from '../../../core/connectors/each-connector.ts';
import { sourcesHomeKey } from '../store/keys.ts';
import { compareSources } from './compare-sources.ts';
import type { SourceParts } from './follow-source.ts';
import { sourceKindOf } from './source-kind.ts';
import { markChange } from './source-marks.ts';

/** A change of then is due at once. */
const longAgo = 0;

const homeItem = z.object({ home: z.string() });

/**
 * Makes all sources follow where the table was not this deployment's before: one that was restored from a backup, or
 * adopted from a stack that is gone. Its records say that the sources have followed, but what is in the account is of
 * another time: sources of connectors that the records do not know go at once, and every connector has its own brought up
 * within the next minutes.
 *
 * @param home of the deployment and its table; another one where either is replaced
 * @throws RetryableError when the table, the scheduler or Lambda is away; to be called again then
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
