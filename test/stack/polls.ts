import { describe, expect, test } from '@jest/globals';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { polledTypes, registeredTypes } from '../../lib/connectors/index.ts';
import { Store } from '../../lib/store/store.ts';
import { pollPermissions } from '../../lib/ways/poll.ts';
import { ScheduleWay } from '../../lib/ways/schedule.ts';
import { loadConnectorTypes } from '../../src/connectors/index.ts';

const stack = new Stack();
const schedules = new ScheduleWay(stack, 'Schedules', undefined);
const store = new Store(stack, 'Store', {
  adopted: {},
  removalPolicy: RemovalPolicy.DESTROY,
  retentionDays: 30,
  deletionProtection: false,
  encryptionKey: undefined,
});

test('the stack knows which of the registered types are polled', async () => {
  const polled = [...(await loadConnectorTypes()).values()]
    .filter(({ modes }) => Object.values(modes).some(({ ways }) => ways.poll !== undefined))
    .map(({ name }) => name);
  expect(polledTypes).toEqual(polled);
});

test('the stack knows which of the registered types are registered at a provider', async () => {
  const registered = [...(await loadConnectorTypes()).values()]
    .filter(({ modes }) => Object.values(modes).some(({ registration }) => registration !== undefined))
    .map(({ name }) => name);
  expect(registeredTypes).toEqual(registered);
});

describe('the function that fires ticks', () => {
  test('may do nothing more where no connector type is polled', () => {
    expect(pollPermissions({ store, schedules }, [])).toEqual([]);
  });

  test('where one is, may change the table, open what the sealing key seals, and call itself again: nothing else', () => {
    expect(pollPermissions({ store, schedules }, ['feed'])).toEqual([
      { actions: ['dynamodb:UpdateItem'], resources: [store.table.tableArn] },
      { actions: ['secretsmanager:GetSecretValue'], resources: [store.sealingKey.secretArn] },
      { actions: ['sqs:SendMessage'], resources: [schedules.ticks.queue.queueArn] },
    ]);
  });
});
