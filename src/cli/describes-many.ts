import { CliFailure } from './cli-failure.ts';

/**
 * Whether a command on deliveries got filter options instead of ids.
 *
 * @throws CliFailure `usage` if it got both or neither
 */
export function describesMany(ids: readonly string[], options: object): boolean {
  const describes = Object.keys(options).length > 0;
  if (describes !== ids.length > 0) return describes;
  throw new CliFailure('usage', 'Pass either delivery ids or filter options.');
}
