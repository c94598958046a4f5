import { ArnFormat, CustomResource, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { connectorTag } from '../../src/engines/aws/ways/mapping/wanted-mapping.ts';
import type { Permission } from '../functions/permissions.ts';
import type { Wildcard } from '../nag-suppressions.ts';

/** What functions that create event source mappings may do: manage those of `taker`, by an alias for each connector. */
export function mappingManager(taker: IFunction): Permission[] {
  return [
    onMappings(taker, 'Create', 'Update', 'Delete'),
    listMappings,
    {
      actions: ['lambda:TagResource'],
      resources: [mappingArns(taker)],
      conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [connectorTag] } },
    },
    {
      actions: ['lambda:CreateAlias', 'lambda:DeleteAlias', 'lambda:ListAliases'],
      resources: [taker.functionArn],
    },
  ];
}

/** What a function may do that only removes the mappings and aliases of `taker`. */
export function mappingRemover(taker: IFunction): Permission[] {
  return [
    onMappings(taker, 'Delete'),
    listMappings,
    { actions: ['lambda:DeleteAlias', 'lambda:ListAliases'], resources: [taker.functionArn] },
  ];
}

/** Makes `remover` remove what connectors have created of `taker`, before either is deleted with the stack. */
export function removeWithStack(scope: Construct, remover: IFunction, taker: IFunction): void {
  const resource = new CustomResource(scope, 'Made', { serviceToken: remover.functionArn });
  resource.node.addDependency(remover, taker);
}

/** The wildcard in the permissions above. */
export function mappingWildcard(scope: Construct): Wildcard {
  return {
    arn: mappingArns(scope),
    reason: 'Only one tag may be set; a mapping that is not made yet has no name.',
  };
}

/** ARN pattern of all mappings of the account: the id of a new one is unknown in advance. */
function mappingArns(scope: Construct): string {
  const mappings = { service: 'lambda', resource: 'event-source-mapping', resourceName: '*' };
  return Stack.of(scope).formatArn({ ...mappings, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}

/** Actions on the event source mappings of one function only, whatever alias they call it by. */
function onMappings(
  { functionArn }: IFunction,
  ...verbs: readonly ('Create' | 'Update' | 'Delete')[]
): Permission {
  return {
    actions: verbs.map((verb) => `lambda:${verb}EventSourceMapping`),
    resources: ['*'],
    conditions: { ArnLike: { 'lambda:FunctionArn': [functionArn, `${functionArn}:*`] } },
  };
}

const listMappings: Permission = { actions: ['lambda:ListEventSourceMappings'], resources: ['*'] };
