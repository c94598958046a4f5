import { describe, expect, test } from '@jest/globals';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Store } from '../../lib/store/store.ts';
import { pollPermissions } from '../../lib/ways/poll.ts';
import { ScheduleWay } from '../../lib/ways/schedule.ts';
import { feed } from '../connectors/feed-type.ts';

const stack = new Stack();
const schedules = new ScheduleWay(stack, 'Schedules', undefined);
const store = new Store(stack, 'Store', {
  adopted: {},
  removalPolicy: RemovalPolicy.DESTROY,
  retentionDays: 30,
  deletionProtection: false,
  encryptionKey: undefined,
});

describe('the function that fires ticks', () => {
  test('may do nothing more where no connector type is polled', () => {
    expect(pollPermissions({ store, schedules }, new Map())).toEqual([]);
  });

  test('where one is, may change the table, open what the sealing key seals, and call itself again: nothing else', () => {
    expect(pollPermissions({ store, schedules }, new Map([['feed', feed]]))).toEqual([
      { actions: ['dynamodb:UpdateItem'], resources: [store.table.tableArn] },
      { actions: ['secretsmanager:GetSecretValue'], resources: [store.sealingKey.secretArn] },
      { actions: ['sqs:SendMessage'], resources: [schedules.ticks.queue.queueArn] },
    ]);
  });
});
