import { createRoute } from '@hono/zod-openapi';
import type { AttentionItem } from '../../core/attention/attention-item.ts';
import { needsAttention } from '../../core/attention/needs-attention.ts';
import { json, refusals } from '../answers.ts';
import { attentionList, type WireAttentionItem } from '../contract/attention.ts';
import { shortListQuery } from '../contract/page.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { shareAnswers } from '../share-answer.ts';
import { toIsoOrNull } from '../wire/iso-time.ts';
import { shortPage } from '../wire/page.ts';

/** What needs attention; concurrent calls share one answer. */
export function addAttentionRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  const share = shareAnswers<readonly AttentionItem[]>(engine.clock);
  app.openapi(list, async (c) => {
    const items = await share('attention', () => needsAttention(engine));
    return c.json(shortPage(items.map(toWire), c.req.valid('query')), 200);
  });
}

function toWire({ kind, subject, title, reason, since, whatToDo }: AttentionItem): WireAttentionItem {
  return { kind, subject, title, reason, since: toIsoOrNull(since), what_to_do: whatToDo };
}

const list = createRoute({
  method: 'get',
  path: '/attention',
  operationId: 'listAttention',
  tags: ['Operation'],
  summary: 'List what needs attention, since when, and what to do',
  request: { query: shortListQuery },
  responses: { 200: json(attentionList, 'Everything that needs attention, the worst first.'), ...refusals() },
});
