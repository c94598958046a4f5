import type { FunctionsProps } from '../functions/function-spec.ts';
import { onTable, type Permission, readSecrets, sendTo } from '../functions/permissions.ts';

/**
 * What the function that fires ticks may do beyond that where it polls sources as well: keep cursors, open the secrets
 * that a source wants, and have itself called again while more is waiting. Nothing where no type is polled.
 *
 * @param types those of the deployment that are polled, by name
 */
export function pollPermissions(
  { store, schedules }: Pick<FunctionsProps, 'store' | 'schedules'>,
  types: readonly string[],
): readonly Permission[] {
  if (types.length === 0) return [];
  return [
    onTable(store, 'UpdateItem'),
    readSecrets(store.sealingKey.secretArn),
    sendTo(schedules.ticks.queue),
  ];
}
