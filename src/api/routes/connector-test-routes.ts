import { createRoute, z } from '@hono/zod-openapi';
import type { Sent } from '../../core/connectors/connector-type.ts';
import { type Tested, testConnector } from '../../core/connectors/test-connector.ts';
import { testDraft } from '../../core/connectors/test-draft.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { connectorTest, type DraftTest, draftTest, testConnectorBody } from '../contract/connector.ts';
import { checkConnectorBody } from '../contract/connector-type.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { connectorParams } from './connector-params.ts';

/** Tests whether a connector, or a configuration without one, reaches its source or target. */
export function addConnectorTestRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(test, async (c) => {
    const { kind } = testConnectorBody.parse(c.req.valid('json'));
    const { id } = c.req.valid('param');
    const tested = await testConnector(engine, c.var.actor, id, kind ?? null, c.req.raw.signal);
    if (tested.outcome === 'refused') return answerRefusal(c, tested);
    const delivered = tested.tested === 'delivery' && tested.sent.outcome === 'delivered';
    return c.json({ ...testToWire(tested), delivered }, 200);
  });

  app.openapi(testOfDraft, async (c) => {
    const draft = { type: c.req.valid('param').name, ...c.req.valid('json') };
    const tested = await testDraft(engine, c.var.actor, draft, c.req.raw.signal);
    if (tested.outcome === 'refused') return answerRefusal(c, tested);
    return c.json(testToWire(tested), 200);
  });
}

function testToWire(test: Tested): DraftTest {
  const common = { tested: test.tested, duration_ms: test.durationMs };
  if (test.tested === 'delivery') return { ...common, ...sentToWire(test.sent) };
  const { probed } = test;
  const nothing = { detail: null, error: null, status_code: null, response_excerpt: null };
  return probed.outcome === 'failed'
    ? { ...common, ...nothing, ok: false, error: probed.error }
    : { ...common, ...nothing, ok: true, detail: probed.detail };
}

function sentToWire(sent: Sent): Omit<DraftTest, 'tested' | 'duration_ms'> {
  return {
    ok: sent.outcome === 'delivered',
    detail: null,
    status_code: sent.statusCode,
    error: sent.outcome === 'delivered' ? null : sent.error,
    response_excerpt: sent.responseExcerpt,
  };
}

const test = createRoute({
  method: 'post',
  path: '/connectors/{id}/test',
  operationId: 'testConnector',
  tags: ['Connectors'],
  summary: "Test a connector's connection or target",
  description:
    '`delivery` sends a sample result to the target of an outbound connector, once, in the format and with the signature of a real one. ' +
    '`connection` only connects. Only an entry in the audit log is stored.',
  request: {
    params: connectorParams,
    body: { required: false, content: { 'application/json': { schema: testConnectorBody } } },
  },
  responses: { 200: json(connectorTest, 'How it went.'), ...refusals(404, 409, 415) },
});

const testOfDraft = createRoute({
  method: 'post',
  path: '/connector-types/{name}/test',
  operationId: 'testDraft',
  tags: ['Connectors'],
  summary: 'Test a configuration before creating a connector',
  description:
    'Connects, or sends one sample result, and returns the outcome. Only an entry in the audit log is stored, ' +
    'and the response repeats none of the given values.',
  request: {
    params: z.object({ name: z.string().meta({ description: 'Name of the type.' }) }),
    body: { required: true, content: { 'application/json': { schema: checkConnectorBody } } },
  },
  responses: { 200: json(draftTest, 'How it went.'), ...refusals(409, 413, 415) },
});
