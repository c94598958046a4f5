import { createRoute } from '@hono/zod-openapi';
import { deleteSecret, listSecrets, setSecret } from '../../core/code/named-secrets.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { namedSecretList, namedSecretParams, setNamedSecretBody } from '../contract/connectors-as-code.ts';
import { shortListQuery } from '../contract/page.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { shortPage } from '../wire/page.ts';

/** Named secrets, which connectors in code use: list, set, delete. No call returns a value. */
export function addNamedSecretRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, async (c) => {
    const secrets = (await listSecrets(engine)).map((name) => ({ name }));
    return c.json(shortPage(secrets, c.req.valid('query')), 200);
  });

  app.openapi(set, async (c) => {
    const { name } = c.req.valid('param');
    const done = await setSecret(engine, c.var.actor, name, c.req.valid('json').value);
    return done.outcome === 'refused' ? answerRefusal(c, done) : c.body(null, 204);
  });

  app.openapi(remove, async (c) => {
    const done = await deleteSecret(engine, c.var.actor, c.req.valid('param').name);
    return done.outcome === 'refused' ? answerRefusal(c, done) : c.body(null, 204);
  });
}

const tags = ['Connectors'];

const list = createRoute({
  method: 'get',
  path: '/named-secrets',
  operationId: 'listNamedSecrets',
  tags,
  summary: 'List the names of secrets that connectors in code can use',
  request: { query: shortListQuery },
  responses: { 200: json(namedSecretList, 'All names, without the secrets.'), ...refusals() },
});

const set = createRoute({
  method: 'put',
  path: '/named-secrets/{name}',
  operationId: 'setNamedSecret',
  tags,
  summary: 'Store a secret under a name',
  description: 'Replaces a secret of the same name. Connectors get it when they are applied next.',
  request: {
    params: namedSecretParams,
    body: { required: true, content: { 'application/json': { schema: setNamedSecretBody } } },
  },
  responses: { 204: { description: 'The secret is stored.' }, ...refusals(413, 415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/named-secrets/{name}',
  operationId: 'deleteNamedSecret',
  tags,
  summary: 'Delete a named secret',
  description: 'Connectors that have it keep it until they are applied again.',
  request: { params: namedSecretParams },
  responses: { 204: { description: 'The secret is deleted.' }, ...refusals(404) },
});
