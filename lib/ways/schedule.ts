import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ScheduleVariables } from '../../src/engines/aws/entry/source-environment.ts';
import { type Permission, sendTo, statementOf, useOf } from '../functions/permissions.ts';
import { limits } from '../limits.ts';
import type { Wildcard } from '../nag-suppressions.ts';
import { WorkQueue } from '../queues/work-queue.ts';

/**
 * Maximum number of functions that fire ticks at the same time, ten ticks each. When very many schedules are due in the
 * same second, some ticks wait.
 */
const firingFunctions = 20;

/**
 * Leads from a schedule to its runs. One group holds the schedules of all connectors, which the functions that manage
 * connectors create; each sends its ticks to one queue. Deleting the group deletes all its schedules.
 */
export class ScheduleWay extends Construct {
  readonly ticks: WorkQueue;
  readonly #group: ScheduleGroup;
  readonly #role: Role;

  /** @param encryptionKey of the queue; absent for a key managed by SQS */
  constructor(scope: Construct, id: string, encryptionKey: IKey | undefined) {
    super(scope, id);
    this.ticks = new WorkQueue(this, 'Ticks', { functionTimeoutSeconds: limits.tickSeconds, encryptionKey });
    this.#group = new ScheduleGroup(this, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    this.#role = this.makeRole(useOf(this, encryptionKey));
  }

  /** The variables of functions that create schedules. */
  get variables(): ScheduleVariables {
    return {
      SCHEDULE_GROUP: this.#group.scheduleGroupName,
      SCHEDULE_ROLE_ARN: this.#role.roleArn,
      TICK_QUEUE_ARN: this.ticks.queue.queueArn,
      TICK_DEAD_LETTERS_ARN: this.ticks.deadLetters.queueArn,
    };
  }

  /** ARN pattern of all schedules of the group. */
  private get scheduleArns(): string {
    return Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.#group.scheduleGroupName}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  get wildcards(): readonly Wildcard[] {
    return [{ arn: this.scheduleArns, reason: 'The schedules of this one group.' }];
  }

  /** What functions that create schedules may do: manage the schedules of this group only. */
  get permissions(): readonly Permission[] {
    return [
      {
        actions: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
        resources: [this.scheduleArns],
      },
      { actions: ['scheduler:ListSchedules'], resources: ['*'] },
      {
        actions: ['iam:PassRole'],
        resources: [this.#role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      },
    ];
  }

  /** Makes `handler` fire the ticks. */
  fireWith(handler: IFunction): void {
    handler.addEventSource(
      new SqsEventSource(this.ticks.queue, {
        batchSize: 10,
        maxConcurrency: firingFunctions,
        reportBatchItemFailures: true,
      }),
    );
  }

  /** The role in which the scheduler sends: to these two queues, and only for schedules of this group. */
  private makeRole(further: readonly Permission[]): Role {
    const { account } = Stack.of(this);
    const ours = {
      StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': this.#group.scheduleGroupArn },
    };
    const role = new Role(this, 'SchedulerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: ours }),
    });
    const permissions = [sendTo(this.ticks.queue, this.ticks.deadLetters), ...further];
    for (const permission of permissions) role.addToPolicy(statementOf(permission));
    return role;
  }
}
