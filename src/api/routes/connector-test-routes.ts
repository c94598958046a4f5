import { createRoute } from '@hono/zod-openapi';
import { type TestOutcome, testConnector } from '../../core/test-connector.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { type ConnectorTest, connectorTest } from '../contract/connector.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { connectorParams } from './connector-params.ts';

/** Trying out whether an outbound connector reaches its target. */
export function addConnectorTestRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(test, async (c) => {
    const tested = await testConnector(engine, c.var.actor, c.req.valid('param').id, c.req.raw.signal);
    if (tested.outcome === 'refused') return answerRefusal(c, tested);
    return c.json(testToWire(tested), 200);
  });
}

function testToWire({ sent, durationMs }: Extract<TestOutcome, { outcome: 'tested' }>): ConnectorTest {
  return {
    delivered: sent.outcome === 'delivered',
    status_code: sent.statusCode,
    error: sent.outcome === 'delivered' ? null : sent.error,
    response_excerpt: sent.responseExcerpt,
    duration_ms: durationMs,
  };
}

const test = createRoute({
  method: 'post',
  path: '/connectors/{id}/test',
  operationId: 'testConnector',
  tags: ['Connectors'],
  summary: "Send a made-up result to an outbound connector's target",
  description:
    'Shaped and signed like a real one, sent once, stored nowhere. The answer says what the target did.',
  request: { params: connectorParams },
  responses: { 200: json(connectorTest, 'What the target did.'), ...refusals(404, 409) },
});
