import { describe, expect, test } from '@jest/globals';
import { someConnector } from '../../../../../test/conformance/samples.ts';
import type { RuleWay } from '../../../../core/connectors/ways.ts';
import { type RuleConfig, rules } from './rules.ts';

const places: RuleConfig = {
  prefix: 'connectors-',
  buses: ['default'],
  eventQueueArn: 'arn:aws:sqs:us-east-1:000000000000:events',
  deadLetterQueueArn: 'arn:aws:sqs:us-east-1:000000000000:dead-events',
};

const way: RuleWay<unknown> = {
  rule: () => ({ bus: 'orders', pattern: { source: ['shop'] } }),
  event: (text) => text,
};

const now = Date.parse('2026-01-01T00:00:00Z');

/** IAM allows describing rules only on the buses of the settings. */
const made = rules(
  () => Promise.reject(new Error('AccessDeniedException: not authorized to perform: events:DescribeRule')),
  places,
  () => now,
);

describe('a connector whose bus a later deployment has taken out of its settings', () => {
  test('fails, and says which setting brings the bus back', async () => {
    expect(await made.state(someConnector(), way)).toEqual({
      status: 'failing',
      since: null,
      lastError: {
        at: now,
        message:
          'This deployment cannot create rules on the event bus "orders". Deploy it with this bus in the setting eventBuses.',
      },
      nextEventAt: null,
      backlog: null,
    });
  });

  test.each([
    ['is disabled', { enabled: false }],
    ['has no agents', { agents: [] }],
  ])('rests where it %s', async (_, given) => {
    expect(await made.state(someConnector(given), way)).toMatchObject({ status: 'stopped', lastError: null });
  });

  test('does not stop the comparison of the others', async () => {
    expect(await made.isAsWanted(someConnector(), way)).toBe(true);
  });
});
