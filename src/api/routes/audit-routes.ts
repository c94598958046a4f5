import { createRoute } from '@hono/zod-openapi';
import { json, refusals } from '../answers.ts';
import { auditListQuery, auditPage } from '../contract/audit-entry.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { auditEntryToWire } from '../wire/audit-entry.ts';
import { pageToWire } from '../wire/page.ts';
import { withoutUndefined } from '../without-undefined.ts';

/** The audit log. */
export function addAuditRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, async (c) => {
    const { limit, cursor, subject } = c.req.valid('query');
    const page = await engine.audit.list({ limit, cursor: cursor ?? null, ...withoutUndefined({ subject }) });
    return c.json(pageToWire(page, auditEntryToWire), 200);
  });
}

const list = createRoute({
  method: 'get',
  path: '/audit-log',
  operationId: 'listAuditLog',
  tags: ['Operation'],
  summary: 'List audit log entries, newest first',
  request: { query: auditListQuery },
  responses: { 200: json(auditPage, 'A page of the audit log.'), ...refusals() },
});
