import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type AlarmDescription, describeAlarms, type WatchedSystem } from './alarms.ts';

export interface MonitoringProps extends WatchedSystem {
  readonly alarmEmail: string | undefined;
}

/** Alarms, each with a page in the runbook, and a dashboard of what they watch. */
export class Monitoring extends Construct {
  /** Where alarms go; other subscribers may be added. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Alarms', { enforceSSL: true });
    if (props.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(props.alarmEmail));
    const alarms = describeAlarms(props);
    for (const alarm of alarms) this.addAlarm(alarm);
    const dashboard = new Dashboard(this, 'Dashboard');
    dashboard.addWidgets(...alarms.map(({ name, metric }) => graph(name, metric)));
  }

  private addAlarm({ name, meaning, metric, threshold, periods }: AlarmDescription): void {
    const alarm = new Alarm(this, name, {
      alarmDescription: `${meaning} See "${name}" in docs/operating.md.`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}

function graph(title: string, metric: IMetric): GraphWidget {
  return new GraphWidget({ title, left: [metric], width: 8, height: 5, period: Duration.minutes(5) });
}
