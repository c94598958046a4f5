import type { Connector } from '../../../core/connectors/connector.ts';
import { wayOf } from '../../../core/connectors/connector-config.ts';
import { eachConnector } from '../../../core/connectors/each-connector.ts';
import { PermanentError } from '../../../core/errors.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { followSource, type SourceParts } from './follow-source.ts';
import { connectorOfSchedule, plannedSchedules, scheduleNames } from './schedule/schedules.ts';
import { isReading, type SourceKind, sourceKindOf } from './source-kind.ts';
import { markChange } from './source-marks.ts';

/**
 * Compares the account's schedules, streams, and rules with the connectors, and repairs sources that were deleted or
 * left behind outside the product: a connector without its source would otherwise stay silent forever.
 *
 * @throws RetryableError when the table, the scheduler, Lambda, or EventBridge is unavailable
 */
export async function compareSources(parts: SourceParts): Promise<void> {
  for (const connectorId of await wrongSchedules(parts)) await mend(parts, connectorId, 'schedule');
  for (const connectorId of await wrongStreams(parts)) await mend(parts, connectorId, 'stream');
  for (const connectorId of await wrongRules(parts)) await mend(parts, connectorId, 'rule');
}

async function wrongSchedules({ engine, schedules }: SourceParts): Promise<ReadonlySet<string>> {
  const found = await schedules.names();
  const wanted = new Map<string, Connector>();
  for await (const connector of eachConnector(engine.connectors, 'inbound')) {
    if (sourceKindOf(engine.types, connector) !== 'schedule') continue;
    for (const name of namesFor(engine, connector)) wanted.set(name, connector);
  }
  const wrong = [
    ...[...found].filter((name) => !wanted.has(name)),
    ...[...wanted.keys()].filter((name) => !found.has(name)),
  ];
  return new Set(wrong.map(connectorOfSchedule));
}

/** Empty if the schedules cannot be expressed; updating the source has already reported that. */
function namesFor(engine: Engine, connector: Connector): readonly string[] {
  try {
    return scheduleNames(connector.id, plannedSchedules(engine, connector));
  } catch (thrown) {
    if (thrown instanceof PermanentError) return [];
    throw thrown;
  }
}

async function wrongStreams({ engine, streams }: SourceParts): Promise<readonly string[]> {
  const left = new Set(await streams.connectorIds());
  const wrong: string[] = [];
  for await (const connector of eachConnector(engine.connectors, 'inbound')) {
    if (sourceKindOf(engine.types, connector) !== 'stream') continue;
    left.delete(connector.id);
    const rests = (await streams.state(connector)).status === 'stopped';
    if (rests === isReading(connector)) wrong.push(connector.id);
  }
  return [...wrong, ...left];
}

async function wrongRules({ engine, rules }: SourceParts): Promise<readonly string[]> {
  const left = new Set(await rules.connectorIds());
  const wrong: string[] = [];
  for await (const connector of eachConnector(engine.connectors, 'inbound')) {
    const way = wayOf(engine.types, connector, 'rule');
    if (way === undefined || sourceKindOf(engine.types, connector) !== 'rule') continue;
    left.delete(connector.id);
    if (!(await rules.isAsWanted(connector, way))) wrong.push(connector.id);
  }
  return [...wrong, ...left];
}

async function mend(parts: SourceParts, connectorId: string, kind: SourceKind): Promise<void> {
  const { engine, table } = parts;
  const connector = await engine.connectors.get(connectorId);
  engine.log.warn('source.mended', { connector_id: connectorId });
  await table.transact([markChange(connectorId, connector, kind, engine.clock())]);
  await followSource(parts, connectorId);
}
