import type { Connector } from '../../../core/connector.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import type { Page } from '../../../core/ports/page.ts';
import { followSource, type SourceParts } from './follow-source.ts';
import { connectorOfSchedule } from './schedules.ts';
import { sourceKindOf } from './source-kind.ts';
import { markChange } from './source-marks.ts';

/**
 * Compares the account's schedules with what the connectors say, and mends what somebody has removed or left there:
 * a connector whose schedule does not exist would otherwise be silent for ever.
 *
 * @throws RetryableError when the table or the scheduler is away
 */
export async function compareSources(parts: SourceParts): Promise<void> {
  const { engine, schedules } = parts;
  const found = await schedules.names();
  const wanted = new Map<string, Connector>();
  for await (const connector of inboundConnectors(engine.connectors)) {
    if (!connector.enabled || sourceKindOf(engine.types, connector) !== 'schedule') continue;
    for (const name of schedules.namesOf(connector)) wanted.set(name, connector);
  }
  const wrong = [
    ...[...found].filter((name) => !wanted.has(name)),
    ...[...wanted.keys()].filter((name) => !found.has(name)),
  ];
  for (const connectorId of new Set(wrong.map(connectorOfSchedule))) await mend(parts, connectorId);
}

async function mend(parts: SourceParts, connectorId: string): Promise<void> {
  const { engine, table } = parts;
  const connector = await engine.connectors.get(connectorId);
  engine.log.warn('source.mended', { connector_id: connectorId });
  await table.transact([markChange(connectorId, connector, 'schedule', engine.clock())]);
  await followSource(parts, connectorId);
}

async function* inboundConnectors(connectors: ConnectorStore): AsyncGenerator<Connector> {
  let cursor: string | null = null;
  do {
    const page: Page<Connector> = await connectors.list({ mode: 'inbound', limit: 100, cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
