import { AsyncLocalStorage } from 'node:async_hooks';
import { managementApi } from '../src/api/management-api.ts';
import { apiKeyCaller } from '../src/api/operators/api-key-caller.ts';
import { anyOf } from '../src/api/operators/caller.ts';
import { accessTokenVerifier, cognitoUser } from '../src/api/operators/cognito-user.ts';
import { fixedToken } from '../src/api/operators/fixed-token.ts';
import { fetchAnswer } from '../src/engines/aws/entry/fetch-answer.ts';
import { functionEngine, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { baseUrlOf } from '../src/engines/aws/entry/http-event.ts';
import { streamedFunction } from '../src/engines/aws/entry/http-function.ts';
import { packedProject } from '../src/engines/aws/entry/packed-project.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { cachedSecret } from '../src/engines/aws/entry/secret-text.ts';
import { sourcePlaces } from '../src/engines/aws/entry/source-environment.ts';
import { unfinishedWork } from '../src/engines/aws/entry/unfinished-work.ts';
import { openSources } from '../src/engines/aws/sources/open-sources.ts';

const engine = functionEngine({
  project: await packedProject(taskRoot()),
  types: deployedConnectorTypes,
  sources: openSources(sourcePlaces()),
});
const firstToken = cachedSecret(variable('FIRST_TOKEN_SECRET_ID'));
const baseUrl = new AsyncLocalStorage<string>();
const api = managementApi(engine, {
  authenticate: anyOf(
    apiKeyCaller(engine),
    async (authorization) => fixedToken('first-token', await firstToken())(authorization),
    cognitoUser(
      accessTokenVerifier(
        variable('USER_POOL_ID'),
        variable('USER_POOL_CLIENT_ID'),
        process.env['AWS_ENDPOINT_URL'],
      ),
    ),
  ),
  baseUrl: () => baseUrl.getStore() ?? '',
});

/** `/api/v1`: the management API; its answers and its events go out as streams. */
export const handler = streamedFunction((event, context) => {
  const address = baseUrlOf(event, engine.settings.baseUrl, '/api/v1');
  return baseUrl.run(address, () => fetchAnswer(api, event, context));
}, unfinishedWork());
