import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Connector } from '../../../../core/connectors/connector.ts';
import { wayOf } from '../../../../core/connectors/connector-config.ts';
import type { AccessName, MappedSource } from '../../../../core/connectors/ways.ts';
import { RetryableError } from '../../../../core/errors.ts';
import type { SourceState } from '../../../../core/ports/connector-sources.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import type { SecretStore } from '../../../../core/ports/secret-store.ts';
import type { AwsClients } from '../../clients.ts';
import type { Table } from '../../store/table.ts';
import { isReading } from '../source-kind.ts';
import { mappingAccess, removeAccess } from './mapping-access.ts';
import {
  connectorIdsOf,
  createMapping,
  deleteAlias,
  deleteMapping,
  findMapping,
  updateMapping,
} from './mappings.ts';
import { makeStream } from './stream-makers.ts';
import { type MappingConfig, readsTheSame, streamsOf, wantedMapping } from './wanted-mapping.ts';

/** The streams and queues that Lambda's event source mappings read for connectors. */
export interface Streams {
  /** Creates, updates, or removes the stream of a connector to match its record. */
  follow(connectorId: string, connector: Connector | null): Promise<void>;
  /** State of the stream, as Lambda reports it. */
  state(connector: Connector): Promise<SourceState>;
  /** Ids of the connectors with a stream in the account. */
  connectorIds(): Promise<readonly string[]>;
}

/** What streams need from their engine. */
export interface StreamSurroundings {
  readonly clients: Pick<AwsClients, 'lambda' | 'secrets'>;
  readonly table: Table;
  readonly secrets: SecretStore;
  readonly engine: () => Pick<Engine, 'clock' | 'entropy' | 'types'>;
}

/** Event source mappings, created at `places`. Makes no calls before the first use. */
export function streams(places: MappingConfig, around: StreamSurroundings): Streams {
  const { clients, table, secrets, engine } = around;

  /** @param used those that the mapping still reads */
  const removeSecrets = async (connectorId: string, used: readonly AccessName[] = []) => {
    const { streams: keeping } = places;
    if (keeping !== null) await removeAccess(await clients.secrets(), keeping, connectorId, used);
  };

  const accessOf = (connectorId: string, source: MappedSource) =>
    source.kind === 'queue' ? [] : mappingAccess(clients.secrets, streamsOf(places), connectorId, source);

  const remove = async (connectorId: string, mapping: EventSourceMappingConfiguration | null) => {
    const lambda = await clients.lambda();
    if (mapping !== null) await deleteMapping(lambda, mapping);
    await deleteAlias(lambda, places, connectorId);
    await removeSecrets(connectorId);
  };

  const bringUp = async (connector: Connector, mapping: EventSourceMappingConfiguration | null) => {
    const reads = isReading(connector);
    const way = wayOf(engine().types, connector, 'mapping');
    if (way === undefined || (mapping === null && !reads)) return remove(connector.id, mapping);
    const lambda = await clients.lambda();
    const { config } = await secrets.get(connector.id);
    const source = way.source(connector, config);
    const access = await accessOf(connector.id, source);
    const wanted = wantedMapping(places, connector.id, source, access);
    if (mapping !== null && !readsTheSame(way, mapping, wanted)) {
      await deleteMapping(lambda, mapping);
      throw new RetryableError(
        'AWS is still removing the previous event source. The new one follows automatically.',
      );
    }
    if (mapping === null) await createMapping(lambda, places, connector.id, wanted);
    else await updateMapping(lambda, mapping, wanted, reads);
    await removeSecrets(
      connector.id,
      source.access.map(({ name }) => name),
    );
  };

  /** The stack owns the mapping: it exists, or is created with the stack. */
  const switchOver = async (connector: Connector | null, mapping: EventSourceMappingConfiguration | null) => {
    if (mapping === null) throw new RetryableError('The event source of the stack does not exist yet.');
    const reads = connector !== null && isReading(connector);
    await updateMapping(await clients.lambda(), mapping, {}, reads);
  };

  return {
    async follow(connectorId, connector) {
      const mapping = await findMapping(await clients.lambda(), places, connectorId);
      if (places.deployedIds.includes(connectorId)) return switchOver(connector, mapping);
      if (connector === null) return remove(connectorId, mapping);
      await makeStream(table, engine(), () => bringUp(connector, mapping));
    },
    async state(connector) {
      return stateOf(await findMapping(await clients.lambda(), places, connector.id));
    },
    async connectorIds() {
      const ids = await connectorIdsOf(await clients.lambda(), places);
      return ids.filter((connectorId) => !places.deployedIds.includes(connectorId));
    },
  };
}

const statuses: Readonly<Record<string, SourceState['status']>> = {
  Enabled: 'running',
  Disabled: 'stopped',
  Disabling: 'stopped',
};

/** AWS reports this for a mapping that works, or has had nothing to do. */
const fine = /^(OK|No records processed)\b/;

function stateOf(mapping: EventSourceMappingConfiguration | null): SourceState {
  const nothing = { since: null, lastError: null, nextEventAt: null, backlog: null };
  if (mapping === null) return { ...nothing, status: 'stopped' };
  const { State: state = '', LastProcessingResult: result = '', LastModified: modified } = mapping;
  const since = modified?.getTime() ?? null;
  const status = statuses[state] ?? 'starting';
  if (status !== 'running' || result === '' || fine.test(result)) return { ...nothing, since, status };
  return { ...nothing, since, status: 'failing', lastError: { at: since ?? 0, message: result } };
}
