import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { AlarmDescription } from './alarms/alarm-description.ts';
import { describeAlarms, type WatchedSystem } from './alarms/describe-alarms.ts';

export interface MonitoringProps extends WatchedSystem {
  readonly alarmEmail: string | undefined;
  /** Whether to create a dashboard with a graph for each alarm. */
  readonly showsGraphs: boolean;
  readonly encryptionKey: IKey | undefined;
}

/** Alarms, each with a section in the runbook, and optionally a dashboard of their metrics. */
export class Monitoring extends Construct {
  /** Receives alarms; more subscribers can be added. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Alarms', {
      enforceSSL: true,
      ...(props.encryptionKey === undefined ? {} : { masterKey: props.encryptionKey }),
    });
    allowAlarms(this.topic);
    if (props.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(props.alarmEmail));
    const alarms = describeAlarms(props);
    for (const alarm of alarms) this.addAlarm(alarm);
    if (!props.showsGraphs) return;
    const dashboard = new Dashboard(this, 'Dashboard');
    dashboard.addWidgets(...alarms.map(({ name, metric }) => graph(name, metric)));
  }

  private addAlarm(description: AlarmDescription): void {
    const { name, meaning, metric, threshold, periods, rings = 'from' } = description;
    const alarm = new Alarm(this, name, {
      alarmDescription: `${meaning} See "${name}" in docs/operating.md.`,
      metric,
      threshold,
      evaluationPeriods: periods,
      ...ringing[rings],
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}

const ringing = {
  from: {
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  },
  below: {
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  },
} as const;

/**
 * Lets alarms of this account and region publish. Any topic policy, even one that only refuses plain HTTP, replaces the
 * default policy that allows the account's own services (CloudWatch user guide, "Notifying users on alarm changes":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html).
 */
function allowAlarms(topic: Topic): void {
  const stack = Stack.of(topic);
  const alarms = { service: 'cloudwatch', resource: 'alarm', resourceName: '*' };
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: {
          'aws:SourceArn': stack.formatArn({ ...alarms, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
        },
      },
    }),
  );
}

function graph(title: string, metric: IMetric): GraphWidget {
  return new GraphWidget({ title, left: [metric], width: 8, height: 5, period: Duration.minutes(5) });
}
