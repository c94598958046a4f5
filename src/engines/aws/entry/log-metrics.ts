/** CloudWatch namespace of the product's own metrics. */
export const metricNamespace = 'AgentConnectors';

/** The dimension that keeps the metrics of several deployments in one account apart; its value is DEPLOYMENT_NAME. */
export const deploymentDimension = 'deployment';

/**
 * The product's own metrics, each counted from an event of its log. Each is one that an alarm watches: CloudWatch asks $0.30 a
 * month for a metric, and its line is longer than the event's own. How many runs and deliveries came to what end is in the
 * statistics.
 */
export const metricNames = {
  deliveriesFailed: 'DeliveriesFailed',
  deadLetters: 'DeadLetters',
  sourcesNotFollowed: 'SourcesNotFollowed',
} as const;

/** The metric that an event of the log adds one to; `null` for none. */
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
