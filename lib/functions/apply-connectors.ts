import { CustomResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { limits } from '../limits.ts';
import { type FunctionSpec, type FunctionsProps, memoryMb } from './function-spec.ts';
import type { SourceManager } from './manage-sources.ts';
import { namedSecretArns, namedSecretVariables } from './named-secrets.ts';
import type { NodeFunction } from './node-function.ts';
import { onTable, readSecrets } from './permissions.ts';

/** The function that makes the connectors be as the project's files say, at each deployment. */
export function connectorsApplier(
  { store, project, settings }: FunctionsProps,
  sources: SourceManager,
): FunctionSpec {
  return {
    entry: 'apply-connectors',
    description: "Applies the project's connectors at a deployment.",
    timeoutSeconds: limits.functionSeconds,
    memoryMb: memoryMb.background,
    folders: project.agents,
    environment: { ...sources.variables, ...namedSecretVariables(settings) },
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
      readSecrets(store.sealingKey.secretArn, ...namedSecretArns(settings)),
      ...sources.permissions,
    ],
  };
}

/**
 * Applies connectors when they differ from those of the deployment before. The resource contains them, so that a
 * rollback, which updates it to its former properties, applies those again.
 *
 * @param connectors as JSON
 */
export function applyConnectors(scope: Construct, applier: NodeFunction, connectors: string): CustomResource {
  return new CustomResource(scope, 'ConnectorsAsCode', {
    serviceToken: applier.functionArn,
    properties: { Connectors: connectors },
  });
}
