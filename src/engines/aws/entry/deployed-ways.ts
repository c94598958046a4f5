import type { Way } from '../../../core/connectors/ways.ts';

/** Of the ways that only some deployments have, those that the stack has made for the type of a name. */
export function deployedWays(typeName: string): readonly Way[] {
  const maps = process.env[`${typeName.toUpperCase()}_FUNCTION_ARN`] !== undefined;
  return [...(maps ? ['mapping' as const] : []), ...(hasRules() ? ['rule' as const] : [])];
}

/** Whether connectors of the deployment may have rules on event buses. */
export function hasRules(): boolean {
  return process.env['EVENT_QUEUE_ARN'] !== undefined;
}
