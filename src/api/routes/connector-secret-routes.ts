import { createRoute } from '@hono/zod-openapi';
import { rotateSecret, type SecretOutcome, showSecret } from '../../core/connectors/rotate-secret.ts';
import { answerRefusal, json, refusals } from '../answers.ts';
import { type ConnectorSecret, connectorSecret, rotateSecretBody } from '../contract/connector.ts';
import type { ManagementApp, ManagementContext } from '../management-context.ts';
import { toIsoOrNull } from '../wire/iso-time.ts';
import { connectorParams } from './connector-params.ts';

/** A connector's secret: show, rotate. Both are recorded in the audit log. */
export function addConnectorSecretRoutes(app: ManagementApp, { engine }: ManagementContext): void {
  app.openapi(show, async (c) => {
    const shown = await showSecret(engine, c.var.actor, c.req.valid('param').id);
    if (shown.outcome === 'refused') return answerRefusal(c, shown);
    return c.json(secretToWire(shown), 200);
  });

  app.openapi(rotate, async (c) => {
    const { grace_seconds } = rotateSecretBody.parse(c.req.valid('json'));
    const rotated = await rotateSecret(engine, c.var.actor, c.req.valid('param').id, grace_seconds);
    if (rotated.outcome === 'refused') return answerRefusal(c, rotated);
    return c.json(secretToWire(rotated), 200);
  });
}

function secretToWire(shown: Extract<SecretOutcome, { outcome: 'shown' }>): ConnectorSecret {
  return { secret: shown.secret, previous_valid_until: toIsoOrNull(shown.previousValidUntil) };
}

const show = createRoute({
  method: 'get',
  path: '/connectors/{id}/secret',
  operationId: 'showSecret',
  tags: ['Connectors'],
  summary: "Show a connector's secret",
  request: { params: connectorParams },
  responses: { 200: json(connectorSecret, 'The secret.'), ...refusals(404, 409) },
});

const rotate = createRoute({
  method: 'post',
  path: '/connectors/{id}/rotate-secret',
  operationId: 'rotateSecret',
  tags: ['Connectors'],
  summary: "Rotate a connector's secret",
  description: 'The old secret keeps working for `grace_seconds`; without a body, for one day.',
  request: {
    params: connectorParams,
    body: { required: false, content: { 'application/json': { schema: rotateSecretBody } } },
  },
  responses: { 200: json(connectorSecret, 'The new secret.'), ...refusals(404, 409, 415) },
});
