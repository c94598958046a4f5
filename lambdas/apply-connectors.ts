import { applyDeployedConnectors } from '../src/engines/aws/entry/apply-deployed-connectors.ts';
import { applyingResource } from '../src/engines/aws/entry/custom-resource.ts';
import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { givenSecrets } from '../src/engines/aws/entry/given-secrets.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { sourceConfig } from '../src/engines/aws/entry/source-environment.ts';
import { openSources } from '../src/engines/aws/ways/open-sources.ts';

const engine = functionEngine({
  project: await packedProject(taskRoot()),
  types: deployedConnectorTypes,
  sources: openSources(sourceConfig()),
  givenSecrets,
});

/** A custom resource that makes the connectors be as the project's files say. */
export const handler = applyingResource('connectors.not-applied', (properties) =>
  applyDeployedConnectors(engine, properties),
);
