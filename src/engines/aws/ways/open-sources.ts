import type { SourceState } from '../../../core/ports/connector-sources.ts';
import { adoptSources } from './adopt-sources.ts';
import { followSources, sourceState } from './event-sources.ts';
import { followSource, type SourceParts } from './follow-source.ts';
import { type SourceDeps, type SourcePlaces, sourceAdapters } from './source-adapters.ts';

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
export function openSources(places: SourcePlaces): OpenSources {
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
