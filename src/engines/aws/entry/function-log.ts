import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Log } from '../../../core/ports/log.ts';
import { countsOf, deploymentDimension } from './log-metrics.ts';

/** One line of JSON per event, to CloudWatch; service name and level come from the environment. */
export const logger = new Logger();

/** Numbers that alarms and the dashboard watch: written into the log in CloudWatch's embedded format, for no call. */
const metrics = new Metrics({
  defaultDimensions: { [deploymentDimension]: process.env['DEPLOYMENT_NAME'] ?? 'unnamed' },
});

/** Writes what was counted; nothing where nothing was. */
export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** The engine's log: every event becomes a line, and counts where a metric is made of it. */
export const functionLog: Log = {
  info: (event, fields) => write('info', event, fields),
  warn: (event, fields) => write('warn', event, fields),
  error: (event, fields) => write('error', event, fields),
};

function write(level: 'info' | 'warn' | 'error', event: string, fields: Readonly<Record<string, unknown>>) {
  logger[level](event, { ...fields });
  for (const [name, count] of Object.entries(countsOf(event, fields))) {
    metrics.addMetric(name, MetricUnit.Count, count);
  }
}
