/** CloudWatch namespace of the product's own metrics. */
export const metricNamespace = 'AgentConnectors';

/** The dimension that keeps the metrics of several deployments in one account apart; its value is DEPLOYMENT_NAME. */
export const deploymentDimension = 'deployment';

/** The product's own metrics, each counted from an event of its log. */
export const metricNames = {
  runsCompleted: 'RunsCompleted',
  runsFailed: 'RunsFailed',
  runsCancelled: 'RunsCancelled',
  deliveriesDelivered: 'DeliveriesDelivered',
  deliveriesFailed: 'DeliveriesFailed',
  attemptsFailed: 'AttemptsFailed',
  deadLetters: 'DeadLetters',
  reconciled: 'Reconciled',
  sourcesNotFollowed: 'SourcesNotFollowed',
} as const;

type Fields = Readonly<Record<string, unknown>>;
type Counts = Readonly<Record<string, number>>;

const ofRunEnd: Readonly<Record<string, string>> = {
  completed: metricNames.runsCompleted,
  failed: metricNames.runsFailed,
  cancelled: metricNames.runsCancelled,
};

const ofAttempt: Readonly<Record<string, readonly string[]>> = {
  delivered: [metricNames.deliveriesDelivered],
  pending: [metricNames.attemptsFailed],
  failed: [metricNames.attemptsFailed, metricNames.deliveriesFailed],
};

/** What an event of the log adds to the metrics. */
export function countsOf(event: string, fields: Fields): Counts {
  switch (event) {
    case 'run.ended':
      return once([ofRunEnd[String(fields['status'])]]);
    case 'delivery.attempted':
      return once(ofAttempt[String(fields['status'])] ?? []);
    case 'dead-letter.kept':
      return once([metricNames.deadLetters]);
    case 'source.not-followed':
      return once([metricNames.sourcesNotFollowed]);
    case 'engine.reconciled':
      return { [metricNames.reconciled]: sum(fields) };
    default:
      return {};
  }
}

function once(names: readonly (string | undefined)[]): Counts {
  return Object.fromEntries(names.flatMap((name) => (name === undefined ? [] : [[name, 1]])));
}

function sum(fields: Fields): number {
  return Object.values(fields).reduce<number>(
    (total, value) => total + (typeof value === 'number' ? value : 0),
    0,
  );
}
