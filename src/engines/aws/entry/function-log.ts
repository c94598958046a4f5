import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Log } from '../../../core/ports/log.ts';
import { countedBy, deploymentDimension } from './log-metrics.ts';

/** One line of JSON per event, to CloudWatch; service name and level come from the environment. */
export const logger = new Logger();

/**
 * For handlers: says of each line to which call it belongs. The rest of Lambda's context, which the logger could add as well
 * (the function's name, ARN and memory), is longer than most lines are, and the same in all of a log group.
 */
export const callInLog = {
  before({ context }: { readonly context: Pick<Context, 'awsRequestId'> }): void {
    logger.appendKeys({ function_request_id: context.awsRequestId });
  },
};

/** Numbers that alarms watch: written into the log in CloudWatch's embedded format, for no call. */
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
  logger[level](event, event === 'run.ended' ? { ...fields, max_memory_mb: maxMemoryMb() } : { ...fields });
  const counted = countedBy(event, fields);
  if (counted !== null) metrics.addMetric(counted, MetricUnit.Count, 1);
}

/** The most that this function instance has taken so far: what an operator has to know who chooses its memory. */
function maxMemoryMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024);
}
