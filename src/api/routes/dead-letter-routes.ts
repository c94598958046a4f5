import { createRoute, z } from '@hono/zod-openapi';
import { retryDeadLetter } from '../../core/deliveries/retry-dead-letter.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { deadLetterListQuery, deadLetterPage, retriedDeadLetter } from '../contract/dead-letter.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { deadLetterToWire } from '../wire/dead-letter.ts';
import { pageToWire } from '../wire/page.ts';

/** Dead letters: list, retry. */
export function addDeadLetterRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const page = await engine.deadLetters.list({ limit, cursor: cursor ?? null });
    return c.json(pageToWire(page, deadLetterToWire), 200);
  });

  app.openapi(retry, async (c) => {
    const { id } = c.req.valid('param');
    const retried = await retryDeadLetter(engine, c.var.actor, id);
    if (retried.outcome === 'refused') return answerRefusal(c, retried);
    return c.json({ dead_letter_id: id }, 202);
  });
}

const list = createRoute({
  method: 'get',
  path: '/dead-letters',
  operationId: 'listDeadLetters',
  tags: ['Dead letters'],
  summary: 'List dead letters, newest first',
  request: { query: deadLetterListQuery },
  responses: { 200: json(deadLetterPage, 'A page of dead letters.'), ...refusals() },
});

const retry = createRoute({
  method: 'post',
  path: '/dead-letters/{id}/retry',
  operationId: 'retryDeadLetter',
  tags: ['Dead letters'],
  summary: 'Retry a dead letter',
  request: { params: z.object({ id: z.string().meta({ description: 'Dead letter id.' }) }) },
  responses: {
    202: json(retriedDeadLetter, 'The event is processed again and is no longer a dead letter.'),
    ...refusals(404, 409),
  },
});
