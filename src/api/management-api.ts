import type { Engine } from '../core/ports/engine.ts';
import { type AddRoutes, guardedApi, type ManagementOptions } from './guarded-api.ts';
import type { ManagementApp } from './management-context.ts';
import { addMcpRoutes } from './mcp/mcp-routes.ts';
import { serveOpenApi } from './openapi.ts';
import { addAgentRoutes } from './routes/agent-routes.ts';
import { addApiKeyRoutes } from './routes/api-key-routes.ts';
import { addAttentionRoutes } from './routes/attention-routes.ts';
import { addAuditRoutes } from './routes/audit-routes.ts';
import { addBudgetRoutes } from './routes/budget-routes.ts';
import { addCallerRoutes } from './routes/caller-routes.ts';
import { addConnectionRoutes } from './routes/connection-routes.ts';
import { addConnectorRoutes } from './routes/connector-routes.ts';
import { addConnectorSecretRoutes } from './routes/connector-secret-routes.ts';
import { addConnectorSourceRoutes } from './routes/connector-source-routes.ts';
import { addConnectorTestRoutes } from './routes/connector-test-routes.ts';
import { addConnectorTypeRoutes } from './routes/connector-type-routes.ts';
import { addConnectorsAsCodeRoutes } from './routes/connectors-as-code-routes.ts';
import { addDeadLetterRoutes } from './routes/dead-letter-routes.ts';
import { addDeliveryRoutes } from './routes/delivery-routes.ts';
import { addEventRoutes } from './routes/event-routes.ts';
import { addFilterRoutes } from './routes/filter-routes.ts';
import { addLinkRoutes } from './routes/link-routes.ts';
import { addNamedSecretRoutes } from './routes/named-secret-routes.ts';
import { addPauseRoutes } from './routes/pause-routes.ts';
import { addRunRoutes } from './routes/run-routes.ts';
import { addSessionRoutes } from './routes/session-routes.ts';
import { addStatsRoutes } from './routes/stats-routes.ts';
import { addTriggerRoutes } from './routes/trigger-routes.ts';

/** All calls of the management API, and its description. */
export function managementApi(engine: Engine, options: ManagementOptions): ManagementApp {
  const { sessions, authenticate } = options;
  const ofSessions = sessions === undefined ? [] : [addSessionRoutes(sessions, authenticate)];
  return guardedApi(engine, options, [...ofSessions, ...routes]);
}

const routes: readonly AddRoutes[] = [
  addAgentRoutes,
  addConnectorTypeRoutes,
  addConnectorRoutes,
  addConnectionRoutes,
  addConnectorSecretRoutes,
  addConnectorSourceRoutes,
  addConnectorTestRoutes,
  addLinkRoutes,
  addPauseRoutes,
  addConnectorsAsCodeRoutes,
  addNamedSecretRoutes,
  addFilterRoutes,
  addRunRoutes,
  addTriggerRoutes,
  addDeliveryRoutes,
  addDeadLetterRoutes,
  addEventRoutes,
  addStatsRoutes,
  addBudgetRoutes,
  addAttentionRoutes,
  addAuditRoutes,
  addApiKeyRoutes,
  addCallerRoutes,
  addMcpRoutes,
  serveOpenApi,
];
