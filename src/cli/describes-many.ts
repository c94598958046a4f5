import { CliFailure } from './cli-failure.ts';

/**
 * Whether a command on deliveries is given options that describe many, and not the ids of some.
 *
 * @throws CliFailure `usage` where it is given both, or neither
 */
export function describesMany(ids: readonly string[], options: object): boolean {
  const describes = Object.keys(options).length > 0;
  if (describes !== ids.length > 0) return describes;
  throw new CliFailure('usage', 'Pass either delivery ids or filter options.');
}
