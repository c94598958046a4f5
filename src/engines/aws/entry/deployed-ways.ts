import type { Way } from '../../../core/connectors/ways.ts';

/** Of the ways that only some deployments have, those that the stack has made for the type of a name. */
export function deployedWays(typeName: string): readonly Way[] {
  return process.env[`${typeName.toUpperCase()}_FUNCTION_ARN`] === undefined ? [] : ['mapping'];
}
