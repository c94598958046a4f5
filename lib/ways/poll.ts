import { connectorTypes } from '../../src/connectors/index.ts';
import type { ConnectorTypes } from '../../src/core/connectors/connector-type.ts';
import type { FunctionsProps } from '../functions/function-spec.ts';
import { onTable, type Permission, readSecrets, sendTo } from '../functions/permissions.ts';

/**
 * What the function that fires ticks may do beyond that where it polls sources as well: keep cursors, open the secrets
 * that a source wants, and have itself called again while more is waiting. Nothing where no type is polled.
 *
 * @param types of the deployment
 */
export function pollPermissions(
  { store, schedules }: Pick<FunctionsProps, 'store' | 'schedules'>,
  types: ConnectorTypes = connectorTypes,
): readonly Permission[] {
  const modes = [...types.values()].flatMap((type) => Object.values(type.modes));
  if (!modes.some(({ ways }) => ways.poll !== undefined)) return [];
  return [
    onTable(store, 'UpdateItem'),
    readSecrets(store.sealingKey.secretArn),
    sendTo(schedules.ticks.queue),
  ];
}
