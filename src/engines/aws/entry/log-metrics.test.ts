import { describe, expect, test } from '@jest/globals';
import { countsOf } from './log-metrics.ts';

describe('metrics from the log', () => {
  test.each([
    ['run.ended', { status: 'completed' }, { RunsCompleted: 1 }],
    ['run.ended', { status: 'failed' }, { RunsFailed: 1 }],
    ['run.ended', { status: 'cancelled' }, { RunsCancelled: 1 }],
    ['delivery.attempted', { status: 'delivered' }, { DeliveriesDelivered: 1 }],
    ['delivery.attempted', { status: 'pending' }, { AttemptsFailed: 1 }],
    ['delivery.attempted', { status: 'failed' }, { AttemptsFailed: 1, DeliveriesFailed: 1 }],
    ['dead-letter.kept', {}, { DeadLetters: 1 }],
    ['engine.reconciled', { runs: 1, plans: 2, deliveries: 3 }, { Reconciled: 6 }],
    ['trigger.unavailable', {}, {}],
    ['run.ended', { status: 'unheard-of' }, {}],
  ])('%s %j counts %j', (event, fields, counts) => {
    expect(countsOf(event, fields)).toEqual(counts);
  });
});
