/** CloudWatch namespace of the product's own metrics. */
export const metricNamespace = 'AgentConnectors';

/** The dimension that separates the metrics of several deployments in one account; its value is DEPLOYMENT_NAME. */
export const deploymentDimension = 'deployment';

/**
 * The product's own metrics, each counted from a log event. Only metrics with an alarm are included: CloudWatch charges
 * $0.30 a month per metric, and a metric's line is longer than the event's. The statistics count runs and deliveries.
 */
export const metricNames = {
  deliveriesFailed: 'DeliveriesFailed',
  deadLetters: 'DeadLetters',
  sourcesNotFollowed: 'SourcesNotFollowed',
} as const;

/** The metric that a log event increments; `null` for none. */
export function countedBy(event: string, fields: Readonly<Record<string, unknown>>): string | null {
  switch (event) {
    case 'delivery.attempted':
      return fields['status'] === 'failed' ? metricNames.deliveriesFailed : null;
    case 'dead-letter.kept':
      return metricNames.deadLetters;
    case 'source.not-followed':
      return metricNames.sourcesNotFollowed;
    default:
      return null;
  }
}
