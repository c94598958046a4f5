import { createRoute, z } from '@hono/zod-openapi';
import { createApiKey, revokeApiKey } from '../../core/operators/api-keys.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { apiKeyListQuery, apiKeyPage, createApiKeyBody, createdApiKey } from '../contract/api-key.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { apiKeyToWire } from '../wire/api-key.ts';
import { pageToWire } from '../wire/page.ts';

/** API keys: list, create, revoke. All calls are for operators only (see `mayCall`) and recorded in the audit log. */
export function addApiKeyRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const page = await engine.apiKeys.list({ limit, cursor: cursor ?? null });
    const now = engine.clock();
    return c.json(
      pageToWire(page, (key) => apiKeyToWire(key, now)),
      200,
    );
  });

  app.openapi(create, async (c) => {
    const { name, role, expires_in_seconds } = c.req.valid('json');
    const draft = { name, role, expiresInSeconds: expires_in_seconds };
    const created = await createApiKey(engine, c.var.actor, draft);
    if (created.outcome === 'refused') return answerRefusal(c, created);
    return c.json({ ...apiKeyToWire(created.apiKey, engine.clock()), key: created.text }, 201);
  });

  app.openapi(revoke, async (c) => {
    const revoked = await revokeApiKey(engine, c.var.actor, c.req.valid('param').id);
    if (revoked.outcome === 'refused') return answerRefusal(c, revoked);
    return c.body(null, 204);
  });
}

const tags = ['API keys'];

const list = createRoute({
  method: 'get',
  path: '/api-keys',
  operationId: 'listApiKeys',
  tags,
  summary: 'List API keys, newest first',
  description: 'Expired and revoked keys stay in the list for 90 days.',
  request: { query: apiKeyListQuery },
  responses: { 200: json(apiKeyPage, 'A page of API keys, without the keys themselves.'), ...refusals() },
});

const create = createRoute({
  method: 'post',
  path: '/api-keys',
  operationId: 'createApiKey',
  tags,
  summary: 'Create an API key',
  description: 'Only this response contains the key; the system stores only its hash.',
  request: { body: { required: true, content: { 'application/json': { schema: createApiKeyBody } } } },
  responses: {
    201: json(createdApiKey, 'The API key, including the key itself.'),
    ...refusals(409, 413, 415),
  },
});

const revoke = createRoute({
  method: 'delete',
  path: '/api-keys/{id}',
  operationId: 'revokeApiKey',
  tags,
  summary: 'Revoke an API key',
  description: 'Calls with the key fail immediately. The key stays in the list as revoked.',
  request: { params: z.object({ id: z.string().meta({ description: 'Id of the API key.' }) }) },
  responses: { 204: { description: 'The key is revoked.' }, ...refusals(404) },
});
