import type { MappingVariables } from '../../src/engines/aws/entry/source-environment.ts';
import { mappingsOf, permissionsFor, type Variables } from '../connector-binding.ts';
import { registeredTypes } from '../connectors/index.ts';
import { mappingManager } from '../ways/mapping.ts';
import type { FunctionsProps } from './function-spec.ts';
import type { NodeFunction } from './node-function.ts';
import { type Permission, readSecrets } from './permissions.ts';

/** The variables and permissions of functions that create the sources of connectors. */
export interface SourceManager {
  readonly variables: Variables;
  readonly permissions: readonly Permission[];
}

/** @param taker of mapped events, if the deployment has one */
export function sourceManager(
  { schedules, rules, store, bindings }: FunctionsProps,
  taker: NodeFunction | undefined,
): SourceManager {
  // Registering with a provider needs the connector's credentials and an event source needs its password; the sealing
  // key opens both.
  const opensSecrets = taker !== undefined || registeredTypes.length > 0;
  const withoutMappings = {
    variables: { ...schedules.variables, ...rules?.variables },
    permissions: [
      ...schedules.permissions,
      ...(rules?.permissions ?? []),
      ...(opensSecrets ? [readSecrets(store.sealingKey.secretArn)] : []),
    ],
  };
  if (taker === undefined) return withoutMappings;
  return {
    variables: { ...withoutMappings.variables, ...mappingVariables(bindings, taker) },
    permissions: [
      ...withoutMappings.permissions,
      ...mappingManager(taker),
      ...permissionsFor(bindings, 'manage-sources'),
    ],
  };
}

/** The variables of functions that create or remove mappings. */
export function mappingVariables(bindings: FunctionsProps['bindings'], taker: NodeFunction): Variables {
  const mappings = mappingsOf(bindings);
  const common: MappingVariables = {
    MAPPING_FUNCTION_ARN: taker.functionArn,
    MAPPED_TYPES: mappings.map(({ type }) => type).join(','),
  };
  return Object.assign({}, common, ...mappings.map(({ variables }) => variables));
}
