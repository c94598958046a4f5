import { wireConnection } from '../../src/api/contract/connection.ts';
import { createdConnector } from '../../src/api/contract/connector.ts';
import { appliedConnectors } from '../../src/api/contract/connectors-as-code.ts';
import type { Operator } from '../scenarios/operator.ts';
import { sendJson, sendRaw } from '../scenarios/sender.ts';
import * as wire from '../scenarios/wire.ts';
import type { Dashboard } from './use-dashboard.ts';

/** Fills a system with one of everything, and names every page of the dashboard with its path. */
export async function everyPage({
  operator,
  receiver,
}: Dashboard): Promise<Readonly<Record<string, string>>> {
  const inbound = await operator.createConnector({
    mode: 'inbound',
    agents: ['order-lookup'],
    name: 'Every page',
  });
  const outbound = await operator.createConnector({
    mode: 'outbound',
    agents: ['order-lookup'],
    name: 'Every result',
    config: { url: receiver.url },
  });
  const schedule = { name: 'Every morning', type: 'cron', mode: 'inbound', agents: ['order-desk'] };
  const answer = await operator.call('POST', '/connectors', {
    ...schedule,
    config: { schedule: '0 9 * * *' },
  });
  const cron = createdConnector.parse(answer.json);
  const cluster = { name: 'orders-kafka', type: 'kafka', config: { bootstrap_servers: '127.0.0.1:9' } };
  const connected = await operator.call('POST', '/connections', cluster);
  const { id: connection } = wireConnection.parse(connected.json);
  const fromCode = await editedFromCode(operator);
  const budget = { name: 'Lookups', measure: 'runs', period: 'day', limit: 3, warn_at: 50 };
  await operator.call('POST', '/budgets', { ...budget, scope: { type: 'agent', id: 'order-lookup' } });
  await operator.call('POST', '/api-keys', { name: 'ci', role: 'viewer', expires_in_seconds: 86_400 });
  receiver.answer((_request, count) => ({ status: count % 2 === 0 ? 404 : 200, body: 'as told' }));
  const completed = await operator.startRun('order-lookup', { order_id: 'A-1001' });
  const failed = await operator.startRun('order-lookup', { order_id: 'B-7' });
  await Promise.all([completed, failed].map((id) => operator.ended(id)));
  const delivery = await operator.deliveryOf(completed, ({ attempts }) => attempts.length > 0, outbound.id);
  const sent = await sendJson(inbound, { order_id: 'A-1001' });
  const [received = ''] = wire.inboundAnswer.parse(sent.json).run_ids;
  const { trigger_id: trigger } = await operator.run(received);
  await sendRaw(inbound, { headers: { 'x-connic-secret': 'wrong' }, body: '{}' });
  return {
    Overview: '/',
    Agents: '/agents',
    Agent: '/agents/order-lookup',
    'Agent with a connector’s drawer': `/agents/order-lookup?connector=${inbound.id}`,
    Connectors: '/connectors',
    Connector: `/connectors/${outbound.id}`,
    'Connector, credentials': `/connectors/${inbound.id}?tab=credentials`,
    'Connector, test': `/connectors/${outbound.id}?tab=test`,
    'Connector, settings': `/connectors/${inbound.id}?tab=settings`,
    'Connector, agents': `/connectors/${inbound.id}?tab=agents`,
    'Connector with a schedule': `/connectors/${cron.id}`,
    'Create, type': '/connectors/new',
    'Create, mode': '/connectors/new?type=webhook',
    'Create, form': '/connectors/new?type=webhook&mode=inbound',
    'Create, form with a test': '/connectors/new?type=kafka&mode=inbound',
    'Connectors as code': '/connectors-as-code',
    'Connector from code': `/connectors/${fromCode}`,
    Connections: '/connections',
    Connection: `/connections/${connection}`,
    'Create, connection': '/connections/new?type=kafka',
    Logs: '/runs',
    Run: `/runs/${completed}`,
    'Failed run': `/runs/${failed}`,
    Deliveries: '/deliveries',
    Delivery: `/deliveries/${delivery.delivery_id}`,
    Trigger: `/triggers/${trigger}`,
    Triggers: '/triggers',
    'Refused requests': '/refused-requests',
    'Dead letters': '/dead-letters',
    Budgets: '/budgets',
    Settings: '/settings',
    'Agent not found': '/agents/nobody',
    'Not found': '/agents/order-lookup/nowhere',
  };
}

/** A connector from code that somebody has edited since. */
async function editedFromCode(operator: Operator): Promise<string> {
  const reports = {
    key: 'reports',
    name: 'Reports',
    type: 'webhook',
    mode: 'outbound',
    agents: ['order-desk'],
  };
  const config = { url: 'https://hooks.example/reports' };
  const answer = await operator.call('POST', '/connectors-as-code/apply', {
    connectors: [{ ...reports, config }],
  });
  const [created] = appliedConnectors.parse(answer.json).created;
  const id = created?.connector_id ?? '';
  await operator.call('PATCH', `/connectors/${id}`, { config: { timeout_seconds: 30 } });
  return id;
}
