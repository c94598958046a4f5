import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** One alarm: its name is its heading in docs/operating.md. */
export interface AlarmDescription {
  readonly name: string;
  readonly meaning: string;
  readonly metric: IMetric;
  /** Reached or exceeded in each of `periods` periods of five minutes, unless `rings` says otherwise. */
  readonly threshold: number;
  readonly periods: number;
  /** `below`: rings where the metric stays below the threshold, or says nothing at all. Default: `from`. */
  readonly rings?: 'from' | 'below';
}

/** Of every metric that an alarm watches. */
export const period = Duration.minutes(5);
