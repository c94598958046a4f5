import type { SourceState } from '../../../core/ports/connector-sources.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { SecretStore } from '../../../core/ports/secret-store.ts';
import type { AwsClients } from '../clients.ts';
import type { Table } from '../table.ts';
import { followSources, sourceState } from './event-sources.ts';
import { followSource, type SourceParts } from './follow-source.ts';
import { type SourcePlaces, sourceAdapters } from './source-adapters.ts';

/** What an engine does with the sources of its connectors. */
export interface Sources {
  /** How the source of a connector stands; `null` where it needs none. */
  state(connectorId: string): Promise<SourceState | null>;
  /** Makes a connector's source what its record says now; see `follow-source.ts`. */
  follow(connectorId: string): Promise<void>;
  /** Makes those follow that did not; see `event-sources.ts`. */
  followDue(): Promise<void>;
}

/** What sources need of the engine that they are opened for. */
export interface SourceSurroundings {
  readonly clients: AwsClients;
  readonly table: Table;
  readonly secrets: SecretStore;
  readonly engine: () => Engine;
}

export type OpenSources = (around: SourceSurroundings) => Sources;

/** The sources of a deployment, for an engine that makes and removes them; no other has their code in its bundle. */
export function openSources(places: SourcePlaces): OpenSources {
  return ({ clients, table, secrets, engine }) => {
    const adapters = sourceAdapters(clients, places, secrets);
    const parts = (): SourceParts => ({ ...adapters, table, engine: engine() });
    return {
      state: (connectorId) => sourceState(parts(), connectorId),
      follow: (connectorId) => followSource(parts(), connectorId),
      followDue: () => followSources(parts()),
    };
  };
}
