import { test } from '@jest/globals';
import { functionGb, idleResources } from '../../src/cli/cost/usage.ts';
import { templateOf } from './synthesized.ts';

const template = templateOf();

test('the cost model counts what a deployment has that costs while it stands', () => {
  template.resourceCountIs('AWS::SQS::Queue', idleResources.queues);
  template.resourceCountIs('AWS::CloudWatch::Alarm', idleResources.alarms);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', idleResources.dashboards);
  template.resourceCountIs('AWS::SecretsManager::Secret', idleResources.secrets);
});

test.each([
  ['webhook', functionGb.accept],
  ['webhook-sync', functionGb.execute],
  ['runner', functionGb.execute],
  ['outbound', functionGb.background],
  ['deliver', functionGb.background],
  ['reconcile', functionGb.background],
])('the cost model knows the memory of "%s"', (service, gb) => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    MemorySize: gb * 1024,
    Environment: { Variables: { POWERTOOLS_SERVICE_NAME: service } },
  });
});
