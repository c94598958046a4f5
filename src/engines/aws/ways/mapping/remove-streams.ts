import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '../../../../core/errors.ts';
import type { AwsClients } from '../../clients.ts';
import type { Table } from '../../store/table.ts';
import { removeAccess } from './mapping-access.ts';
import { connectorIdsOf, deleteAlias, deleteMapping, findMapping } from './mappings.ts';
import { endMaking } from './stream-makers.ts';
import type { MappingConfig } from './wanted-mapping.ts';

/** Lambda takes some minutes to remove a mapping. */
const lookEveryMs = 5_000;

export interface RemovalParts {
  readonly clients: Pick<AwsClients, 'lambda' | 'secrets'>;
  readonly table: Table;
  /** Unix ms. */
  readonly clock: () => number;
}

/**
 * Removes every event source mapping that connectors have created, with its alias and its secrets, and waits until they
 * are gone: Lambda needs the function's role until then. From then on no mapping can be created. Schedules are deleted
 * with their group, which accepts no new ones.
 *
 * @param signal aborts when the time to wait is up
 * @throws AbortError by `signal`, and an error of the SDK if a permission is missing
 */
export async function removeStreams(
  { clients, table, clock }: RemovalParts,
  places: MappingConfig,
  signal: AbortSignal,
): Promise<void> {
  await endMaking(table, clock, signal);
  const lambda = await clients.lambda();
  const removeMapping = async (connectorId: string) => {
    const mapping = await findMapping(lambda, places, connectorId);
    if (mapping !== null) await deleteMapping(lambda, mapping).catch(unlessLater);
    return mapping === null;
  };
  const known = await connectorIdsOf(lambda, places);
  const connectorIds = known.filter((connectorId) => !places.deployedIds.includes(connectorId));
  // Start all removals before waiting for the first.
  for (const connectorId of connectorIds) await removeMapping(connectorId);
  for (const connectorId of connectorIds) {
    while (!(await removeMapping(connectorId))) await sleep(lookEveryMs, null, { signal });
    await deleteAlias(lambda, places, connectorId);
    if (places.streams !== null) await removeAccess(await clients.secrets(), places.streams, connectorId);
  }
}

function unlessLater(thrown: unknown): void {
  if (!(thrown instanceof RetryableError)) throw thrown;
}
