import type * as z from 'zod';
import * as wire from '../api/contract/index.ts';
import type { TestKind } from '../core/connectors/test-kinds.ts';
import { isDotSegment } from '../core/dot-segment.ts';
import type { JsonValue } from '../core/json/json-value.ts';
import { type ApiCall, requestJson, requestOrProblems, send } from './api-request.ts';
import { CliFailure } from './cli-failure.ts';
import type { Connection } from './connection.ts';

export type ApiClient = ReturnType<typeof apiClient>;

/**
 * The management API, one function per call. Every response is checked against the contract.
 * Each function throws CliFailure if there is no response, the token is rejected, something is not found, or the API
 * refuses the call.
 */
export function apiClient(connection: Connection) {
  const call = async <Schema extends z.ZodType>(schema: Schema, what: ApiCall) =>
    checked(schema, await requestJson(connection, what), connection.url);
  const get = <Schema extends z.ZodType>(schema: Schema, path: string, query: Query = {}) =>
    call(schema, { method: 'GET', path, query: { ...query } });
  const post = <Schema extends z.ZodType>(schema: Schema, path: string, body?: unknown) =>
    call(schema, { method: 'POST', path, body });
  const postConnectors = async <Schema extends z.ZodType>(schema: Schema, path: string, body: object) => {
    const answered = await requestOrProblems(connection, { method: 'POST', path, body });
    if (answered.outcome === 'invalid') return answered;
    return { outcome: 'answered' as const, answer: checked(schema, answered.answer, connection.url) };
  };
  const connectorPath = (id: string) => `/connectors/${segment(id)}`;
  const connectionPath = (id: string) => `/connections/${segment(id)}`;
  const linkPath = (id: string, agent: string) => `${connectorPath(id)}/agents/${segment(agent)}`;

  return {
    url: connection.url,

    listAgents: () => get(wire.agentList, '/agents'),
    getAgent: (name: string) => get(wire.wireAgent, `/agents/${segment(name)}`),
    changeAgent: (name: string, body: wire.ChangePauseBody) =>
      call(wire.wireDeployment, { method: 'PATCH', path: `/agents/${segment(name)}`, body }),
    changeDeployment: (body: wire.ChangePauseBody) =>
      call(wire.wireDeployment, { method: 'PATCH', path: '/deployment', body }),
    startRun: (agent: string, payload: JsonValue, when: wire.RescheduleBody = {}) =>
      post(wire.startedRun, `/agents/${segment(agent)}/runs`, { payload, ...when }),

    listConnectorTypes: () => get(wire.connectorTypeList, '/connector-types'),
    listConnectors: (query: wire.ConnectorListQuery) => get(wire.connectorPage, '/connectors', query),
    getConnector: (id: string) => get(wire.wireConnector, connectorPath(id)),
    createConnector: (body: wire.CreateConnectorBody) => post(wire.createdConnector, '/connectors', body),
    changeConnector: (id: string, body: wire.ChangeConnectorBody) =>
      call(wire.changedConnector, { method: 'PATCH', path: connectorPath(id), body }),
    deleteConnector: (id: string) => requestJson(connection, { method: 'DELETE', path: connectorPath(id) }),
    linkAgent: (id: string, agent: string, body: wire.LinkBody = {}) =>
      call(wire.wireConnector, { method: 'PUT', path: linkPath(id, agent), body }),
    unlinkAgent: (id: string, agent: string) =>
      call(wire.wireConnector, { method: 'DELETE', path: linkPath(id, agent) }),
    showSecret: (id: string) => get(wire.connectorSecret, `${connectorPath(id)}/secret`),
    testConnector: (id: string, body: { readonly kind?: TestKind }) =>
      post(wire.connectorTest, `${connectorPath(id)}/test`, body),
    rotateSecret: (id: string, graceSeconds: number) =>
      post(wire.connectorSecret, `${connectorPath(id)}/rotate-secret`, { grace_seconds: graceSeconds }),

    listConnectionTypes: () => get(wire.connectionTypeList, '/connection-types'),
    listConnections: (query: wire.ConnectionListQuery) => get(wire.connectionPage, '/connections', query),
    getConnection: (id: string) => get(wire.wireConnection, connectionPath(id)),
    createConnection: (body: wire.CreateConnectionBody) => post(wire.wireConnection, '/connections', body),
    changeConnection: (id: string, body: wire.ChangeConnectionBody) =>
      call(wire.wireConnection, { method: 'PATCH', path: connectionPath(id), body }),
    deleteConnection: (id: string) => requestJson(connection, { method: 'DELETE', path: connectionPath(id) }),
    testConnection: (id: string) => post(wire.connectionTest, `${connectionPath(id)}/test`),
    planConnectors: (body: wire.PlanConnectorsBody) =>
      postConnectors(wire.connectorPlan, '/connectors-as-code/plan', body),
    applyConnectors: (body: wire.ApplyConnectorsBody) =>
      postConnectors(wire.appliedConnectors, '/connectors-as-code/apply', body),
    listNamedSecrets: () => get(wire.namedSecretList, '/named-secrets'),
    setNamedSecret: (name: string, value: string) =>
      requestJson(connection, { method: 'PUT', path: `/named-secrets/${segment(name)}`, body: { value } }),
    deleteNamedSecret: (name: string) =>
      requestJson(connection, { method: 'DELETE', path: `/named-secrets/${segment(name)}` }),

    nextRuns: (id: string) => get(wire.nextRuns, `${connectorPath(id)}/next-runs`),
    runNow: (id: string) => post(wire.startedRuns, `${connectorPath(id)}/run-now`),
    sourceState: (id: string) => get(wire.wireSourceState, `${connectorPath(id)}/state`),
    listConnectorHistory: (id: string, query: wire.ConnectorEventListQuery) =>
      get(wire.connectorEventPage, `${connectorPath(id)}/history`, query),

    listRuns: (query: wire.RunListQuery) => get(wire.runPage, '/runs', query),
    getRun: (id: string) => get(wire.wireRun, `/runs/${segment(id)}`),
    rescheduleRun: (id: string, when: wire.RescheduleBody) =>
      call(wire.rescheduledRun, { method: 'PATCH', path: `/runs/${segment(id)}`, body: when }),
    cancelRun: (id: string) => post(wire.cancelledRun, `/runs/${segment(id)}/cancel`),
    runAgain: (id: string, changed?: { readonly payload: JsonValue }) =>
      post(wire.startedRun, `/runs/${segment(id)}/run-again`, changed),

    tryFilter: (id: string, body: wire.TryFilterBody) =>
      post(wire.triedFilter, `${connectorPath(id)}/try-filter`, body),
    tryDraftFilter: (type: string, body: wire.TryDraftFilterBody) =>
      post(wire.triedFilter, `/connector-types/${segment(type)}/try-filter`, body),
    listTriggers: (query: wire.TriggerListQuery) => get(wire.triggerPage, '/triggers', query),
    sendThrough: (id: string) => post(wire.sentThrough, `/triggers/${segment(id)}/send-through`),
    getTrigger: (id: string) => get(wire.wireTrigger, `/triggers/${segment(id)}`),
    listRefusedRequests: (query: wire.RefusedRequestListQuery) =>
      get(wire.refusedRequestPage, '/refused-requests', query),

    listDeliveries: (query: wire.DeliveryListQuery) => get(wire.deliveryPage, '/deliveries', query),
    getDelivery: (id: string) => get(wire.wireShownDelivery, `/deliveries/${segment(id)}`),
    redeliver: (id: string) => post(wire.wireDelivery, `/deliveries/${segment(id)}/redeliver`),
    redeliverMany: (body: wire.RedeliverManyBody) => post(wire.redelivered, '/deliveries/redeliver', body),

    countHeldDeliveries: (query: wire.HeldDeliveriesQuery) =>
      get(wire.heldDeliveries, '/deliveries/held', query),
    dropDelivery: (id: string) => post(wire.wireDelivery, `/deliveries/${segment(id)}/drop`),
    dropDeliveries: (body: wire.DropManyBody) => post(wire.dropped, '/deliveries/drop', body),

    listDeadLetters: (query: PageQuery) => get(wire.deadLetterPage, '/dead-letters', query),
    retryDeadLetter: (id: string) => post(wire.retriedDeadLetter, `/dead-letters/${segment(id)}/retry`),
    listBudgets: () => get(wire.budgetList, '/budgets'),
    createBudget: (body: wire.CreateBudgetBody) => post(wire.wireBudget, '/budgets', body),
    changeBudget: (id: string, body: wire.ChangeBudgetBody) =>
      call(wire.wireBudget, { method: 'PATCH', path: `/budgets/${segment(id)}`, body }),
    deleteBudget: (id: string) =>
      requestJson(connection, { method: 'DELETE', path: `/budgets/${segment(id)}` }),
    listApiKeys: (query: wire.ApiKeyListQuery) => get(wire.apiKeyPage, '/api-keys', query),
    createApiKey: (body: wire.CreateApiKeyBody) => post(wire.createdApiKey, '/api-keys', body),
    revokeApiKey: (id: string) =>
      requestJson(connection, { method: 'DELETE', path: `/api-keys/${segment(id)}` }),
    listAttention: () => get(wire.attentionList, '/attention'),
    createSignInLink: () => post(wire.signInLink, '/sign-in-links'),
    listAudit: (query: wire.AuditListQuery) => get(wire.auditPage, '/audit-log', query),

    /** Opens the stream of changes, after an earlier event if given; `followEvents` reads it. */
    openEvents: (lastEventId: string | null) =>
      send(connection, {
        method: 'GET',
        path: '/events',
        headers: lastEventId === null ? {} : { 'last-event-id': lastEventId },
      }),
  };
}

/** A value as one part of a path. */
function segment(value: string): string {
  if (isDotSegment(value)) throw new CliFailure('notFound', `There is nothing with the id "${value}".`);
  return encodeURIComponent(value);
}

type Query = object;

export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

function checked<Schema extends z.ZodType>(schema: Schema, answer: unknown, url: string): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') || 'its answer';
  throw new CliFailure(
    'failed',
    `${url} sent a response that this version cannot read (${place}). Use the same version of client and server.`,
  );
}
