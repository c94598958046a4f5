import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** One alarm. Its name is its heading in docs/operating.md. */
export interface AlarmDescription {
  readonly name: string;
  readonly meaning: string;
  readonly metric: IMetric;
  /** Reached or exceeded in each of `periods` five-minute periods, unless `rings` says otherwise. */
  readonly threshold: number;
  readonly periods: number;
  /** `below`: rings when the metric stays below the threshold or has no data. Default: `from`. */
  readonly rings?: 'from' | 'below';
}

/** The period of every metric that an alarm watches. */
export const period = Duration.minutes(5);
