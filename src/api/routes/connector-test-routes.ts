import { createRoute, z } from '@hono/zod-openapi';
import type { SentSample } from '../../core/connectors/send-sample.ts';
import { testConnector } from '../../core/connectors/test-connector.ts';
import { type DraftTestOutcome, testDraft } from '../../core/connectors/test-draft.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { type ConnectorTest, connectorTest } from '../contract/connector.ts';
import { checkConnectorBody, type DraftTest, draftTest } from '../contract/connector-type.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { connectorParams } from './connector-params.ts';

/** Trying out whether a connector reaches its target, or would reach it. */
export function addConnectorTestRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(test, async (c) => {
    const tested = await testConnector(engine, c.var.actor, c.req.valid('param').id, c.req.raw.signal);
    if (tested.outcome === 'refused') return answerRefusal(c, tested);
    return c.json(testToWire(tested), 200);
  });

  app.openapi(testOfDraft, async (c) => {
    const draft = { type: c.req.valid('param').name, ...c.req.valid('json') };
    const tested = await testDraft(engine, c.var.actor, draft, c.req.raw.signal);
    if (tested.outcome === 'refused') return answerRefusal(c, tested);
    return c.json(draftTestToWire(tested), 200);
  });
}

function draftTestToWire(tested: Extract<DraftTestOutcome, { outcome: 'tested' }>): DraftTest {
  const none = { detail: null, error: null, status_code: null, response_excerpt: null };
  const common = { ...none, tested: tested.tested, duration_ms: tested.durationMs };
  if (tested.tested === 'connection') {
    const { probed } = tested;
    if (probed.outcome === 'failed') return { ...common, ok: false, error: probed.error };
    return { ...common, ok: true, detail: probed.detail };
  }
  const { delivered, ...sent } = testToWire(tested);
  return { ...common, ...sent, ok: delivered };
}

function testToWire({ sent, durationMs }: SentSample): ConnectorTest {
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
  summary: "Send a sample result to an outbound connector's target",
  description:
    'The result has the format and signature of a real one. It is sent once and not stored. The response describes what the target did.',
  request: { params: connectorParams },
  responses: { 200: json(connectorTest, 'What the target did.'), ...refusals(404, 409) },
});

const testOfDraft = createRoute({
  method: 'post',
  path: '/connector-types/{name}/test',
  operationId: 'testDraft',
  tags: ['Connectors'],
  summary: 'Test a configuration before creating a connector',
  description:
    'Connects, or sends one made-up result, and says how that went. Nothing is stored but an entry of the audit log, ' +
    'and nothing of what was given is in the answer.',
  request: {
    params: z.object({ name: z.string().meta({ description: 'Name of the type.' }) }),
    body: { required: true, content: { 'application/json': { schema: checkConnectorBody } } },
  },
  responses: { 200: json(draftTest, 'How it went.'), ...refusals(409, 413, 415) },
});
