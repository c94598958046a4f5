import { createRoute } from '@hono/zod-openapi';
import { json, refusals } from '../answers.ts';
import { wireCaller } from '../contract/caller.ts';
import type { ManagementApp } from '../management-context.ts';

/** The caller and its role. */
export function addCallerRoutes(app: ManagementApp): void {
  app.openapi(me, (c) => c.json({ name: c.get('actor'), role: c.get('role') }, 200));
}

const me = createRoute({
  method: 'get',
  path: '/me',
  operationId: 'showCaller',
  tags: ['Operation'],
  summary: 'Show the caller and its role',
  responses: { 200: json(wireCaller, 'The caller.'), ...refusals() },
});
