import { expect, test } from '@jest/globals';
import * as z from 'zod';
import type { AgentConnectorsProps } from '../../lib/settings/agent-connectors-props.ts';
import { idleResources, socketResources, work } from '../../src/cli/cost/usage.ts';
import { templateOf } from './synthesized.ts';

const template = templateOf();

const alarm = z.object({
  Properties: z.object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() }),
});

/** How many metrics an alarm watches: each is billed. */
function metricsOf(resource: unknown): number {
  const { Metrics } = alarm.parse(resource).Properties;
  return Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
}

test.each([
  ['a deployment', {}, idleResources.queues, idleResources.alarmMetrics],
  [
    'a deployment with an API for connections',
    { websocket: true },
    idleResources.queues + socketResources.queues,
    idleResources.alarmMetrics + socketResources.alarmMetrics,
  ],
])('the cost model counts what %s has that costs while it stands', (_what, settings, queues, watched) => {
  const deployed = templateOf(settings);
  deployed.resourceCountIs('AWS::SQS::Queue', queues);
  const metrics = Object.values(deployed.findResources('AWS::CloudWatch::Alarm')).map((alarm) =>
    metricsOf(alarm),
  );
  expect(metrics.reduce((total, count) => total + count, 0)).toBe(watched);
  deployed.resourceCountIs('AWS::SecretsManager::Secret', idleResources.secrets);
});

test.each([
  ['webhook', work.accept.gb],
  ['kafka', work.read.gb],
  ['outbound', work.plan.gb],
  ['deliver', work.deliver.gb],
  ['reconcile', work.reconcile.gb],
  ['events', work.events.gb],
])('the cost model knows the memory of "%s"', (service, gb) => {
  templateOf({ kafka: true }).hasResourceProperties('AWS::Lambda::Function', {
    MemorySize: gb * 1024,
    Environment: { Variables: { POWERTOOLS_SERVICE_NAME: service } },
  });
});

test.each(['runner', 'webhook-sync'])('the setting agentMemoryMb is the memory of "%s"', (service) => {
  const memoryOf = (settings: AgentConnectorsProps, MemorySize: number) =>
    templateOf(settings).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize,
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: service } },
    });
  memoryOf({}, 512);
  memoryOf({ agentMemoryMb: 2_048 }, 2_048);
});

test('a graph for each alarm costs nothing unless it is asked for', () => {
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  templateOf({ cloudWatchDashboard: true }).resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});
