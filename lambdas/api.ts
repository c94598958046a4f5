import { AsyncLocalStorage } from 'node:async_hooks';
import { managementApi } from '../src/api/management-api.ts';
import { deployedCallers } from '../src/api/operators/deployed-callers.ts';
import { callersOfDeployment } from '../src/engines/aws/entry/callers-of-deployment.ts';
import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { givenSecrets } from '../src/engines/aws/entry/given-secrets.ts';
import {
  baseUrlOf,
  fetchAnswer,
  streamedFunction,
  unfinishedWork,
} from '../src/engines/aws/entry/http-function.ts';
import { missingKeysOfDeployment } from '../src/engines/aws/entry/missing-keys.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { sourceConfig } from '../src/engines/aws/entry/source-environment.ts';
import { openSources } from '../src/engines/aws/ways/open-sources.ts';

const project = await packedProject(taskRoot());
const engine = functionEngine({
  project,
  missingKeys: missingKeysOfDeployment(project, process.env['AGENT_VARIABLE_NAMES'] ?? ''),
  types: deployedConnectorTypes,
  sources: openSources(sourceConfig()),
  givenSecrets,
});
const baseUrl = new AsyncLocalStorage<string>();
const api = managementApi(engine, {
  authenticate: deployedCallers(engine, callersOfDeployment()),
  baseUrl: () => baseUrl.getStore() ?? '',
});

/** Serves the management API, `/api/v1` except for `/api/v1/events`. Streams large answers. */
export const handler = streamedFunction((event) => {
  const address = baseUrlOf(event, engine.settings.baseUrl, '/api/v1');
  return baseUrl.run(address, () => fetchAnswer(api, event));
}, unfinishedWork());
