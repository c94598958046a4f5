import type { FunctionsProps } from '../functions/function-spec.ts';
import { onTable, type Permission, readSecrets, sendTo } from '../functions/permissions.ts';

/**
 * What the function that fires ticks needs in addition to poll sources: store cursors, open the secrets that a source
 * needs, and queue a further call while more is waiting. Empty if no type is polled.
 *
 * @param types the deployment's polled types, by name
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
