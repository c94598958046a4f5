import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { countedBy, metricNames } from './log-metrics.ts';

describe('metrics from the log', () => {
  test.each([
    ['delivery.attempted', { status: 'failed' }, 'DeliveriesFailed'],
    ['dead-letter.kept', {}, 'DeadLetters'],
    ['source.not-followed', {}, 'SourcesNotFollowed'],
    ['delivery.attempted', { status: 'delivered' }, null],
    ['delivery.attempted', { status: 'pending' }, null],
    ['run.ended', { status: 'failed' }, null],
    ['engine.reconciled', { runs: 1 }, null],
  ])('%s %j counts as %s', (event, fields, metric) => {
    expect(countedBy(event, fields)).toBe(metric);
  });

  test.each(Object.keys(metricNames))(
    '%s is watched by an alarm: nobody pays for a metric that nobody reads',
    (name) => {
      const alarms = readFileSync(
        join(import.meta.dirname, '../../../../lib/monitoring/alarms/describe-alarms.ts'),
        'utf8',
      );
      expect(alarms).toContain(`metricNames.${name}`);
    },
  );
});
