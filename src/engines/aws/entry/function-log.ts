import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Log } from '../../../core/ports/log.ts';
import { countedBy, deploymentDimension } from './log-metrics.ts';

/** Writes one line of JSON per event to CloudWatch. Service name and level come from the environment. */
export const logger = new Logger();

/**
 * Middleware that adds the request id to each log line. The logger could also add the rest of Lambda's context (the
 * function's name, ARN, and memory), but that is longer than most lines and the same throughout a log group.
 */
export const callInLog = {
  before({ context }: { readonly context: Pick<Context, 'awsRequestId'> }): void {
    logger.appendKeys({ function_request_id: context.awsRequestId });
  },
};

/** Counters that alarms watch, written to the log in CloudWatch's embedded metric format. */
const metrics = new Metrics({
  defaultDimensions: { [deploymentDimension]: process.env['DEPLOYMENT_NAME'] ?? 'unnamed' },
});

/** Writes the counters; nothing if nothing was counted. */
export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** The engine's log. Every event becomes a line, and increments its metric if it has one. */
export const functionLog: Log = {
  info: (event, fields) => write('info', event, fields),
  warn: (event, fields) => write('warn', event, fields),
  error: (event, fields) => write('error', event, fields),
};

function write(level: 'info' | 'warn' | 'error', event: string, fields: Readonly<Record<string, unknown>>) {
  logger[level](event, event === 'run.ended' ? { ...fields, max_memory_mb: maxMemoryMb() } : { ...fields });
  const counted = countedBy(event, fields);
  if (counted !== null) metrics.addMetric(counted, MetricUnit.Count, 1);
}

/** Peak memory of this function instance: operators need it to choose the function's memory. */
function maxMemoryMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024);
}
