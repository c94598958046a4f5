import * as z from 'zod';
import { eachConnector } from '../../../core/connectors/each-connector.ts';
import type { SourceState } from '../../../core/ports/connector-sources.ts';
import { sourcesHomeKey } from '../store/keys.ts';
import { compareSources } from './compare-sources.ts';
import { followSources, sourceState } from './event-sources.ts';
import { followSource, type SourceParts } from './follow-source.ts';
import { type SourceConfig, type SourceDeps, sourceAdapters } from './source-adapters.ts';
import { sourceKindOf } from './source-kind.ts';
import { markChange } from './source-marks.ts';

/** What an engine does with the sources of its connectors. */
export interface Sources {
  /** State of a connector's source; `null` if it needs none. */
  state(connectorId: string): Promise<SourceState | null>;
  health(connectorId: string): Promise<SourceState | null>;
  /** Updates a connector's source to match its record; see `follow-source.ts`. */
  follow(connectorId: string): Promise<void>;
  /** Updates the sources that do not match; on the first call with an adopted table, all of them. See `event-sources.ts`. */
  followDue(): Promise<void>;
}

export type OpenSources = (around: SourceDeps) => Sources;

/** The sources of a deployment, for engines that manage them; other bundles do not contain this code. */
export function openSources(places: SourceConfig): OpenSources {
  return (around) => {
    const adapters = sourceAdapters(places, around);
    const parts = (): SourceParts => ({ ...adapters, table: around.table, engine: around.engine() });
    const home = `${places.tableName} ${places.schedules.tickQueueArn}`;
    let isAtHome = false;
    return {
      state: (connectorId) => sourceState(parts(), connectorId),
      health: (connectorId) => sourceState(parts(), connectorId),
      follow: (connectorId) => followSource(parts(), connectorId),
      async followDue() {
        if (!isAtHome) await adoptSources(parts(), home);
        isAtHome = true;
        await followSources(parts());
      },
    };
  };
}

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
async function adoptSources(parts: SourceParts, home: string): Promise<void> {
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
