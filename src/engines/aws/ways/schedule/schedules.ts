import type { CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Connector } from '../../../../core/connectors/connector.ts';
import type { ScheduleWay } from '../../../../core/connectors/ways.ts';
import { PermanentError } from '../../../../core/errors.ts';
import { callAws, isAwsError } from '../../store/aws-errors.ts';
import { scheduledTime, tickBody } from './tick-message.ts';

/** Where a deployment's schedules are, and what they send to whom. */
export interface SchedulePlaces {
  /** Name of the schedule group; every schedule of the deployment is in it, and nothing else. */
  readonly groupName: string;
  readonly tickQueueArn: string;
  /** Gets what the scheduler could not send. */
  readonly deadLetterQueueArn: string;
  /** Of the role in which the scheduler sends. */
  readonly roleArn: string;
}

/** A schedule whose queue does not take its message tries so often, over the time that its ticks are of use. */
const retryAttempts = 30;
const shortestAgeSeconds = 3_600;
const longestAgeSeconds = 86_400;

/** A day of the month or a day of the week takes two schedules. */
const parts = [1, 2] as const;

/** The schedules of connectors in EventBridge Scheduler. */
export interface Schedules {
  /** Makes, changes or removes the schedules of a connector, so that they are as its record says. */
  follow(connectorId: string, connector: Connector | null, way: ScheduleWay | null): Promise<void>;
  /** Names of all schedules that there are. */
  names(): Promise<ReadonlySet<string>>;
  /** Names of the schedules that a connector has where it is enabled. */
  namesOf(connector: Connector, way: ScheduleWay): readonly string[];
}

/** The connector that a schedule of this name belongs to. */
export function connectorOfSchedule(name: string): string {
  return name.replace(/-\d$/, '');
}

/** @param scheduler loaded when the first schedule is touched */
export function schedules(scheduler: () => Promise<SchedulerClient>, places: SchedulePlaces): Schedules {
  return {
    async follow(connectorId, connector, way) {
      const wanted = connector === null || way === null ? [] : inputs(places, connector, way);
      const client = await scheduler();
      for (const [index, part] of parts.entries()) {
        const input = wanted[index];
        if (input === undefined) await remove(client, places.groupName, scheduleName(connectorId, part));
        else await put(client, input);
      }
    },
    names: async () => listNames(await scheduler(), places.groupName),
    namesOf({ id, config }, way) {
      const planned = way.platformSchedules(config);
      const expressions = planned.outcome === 'expressed' ? planned.expressions : [];
      return expressions.map((_, index) => scheduleName(id, parts[index] ?? 1));
    },
  };
}

async function listNames(client: SchedulerClient, GroupName: string): Promise<Set<string>> {
  const { paginateListSchedules } = await import('@aws-sdk/client-scheduler');
  const names = new Set<string>();
  const pages = paginateListSchedules({ client, pageSize: 100 }, { GroupName });
  await callAws(
    (async () => {
      for await (const { Schedules = [] } of pages) for (const { Name = '' } of Schedules) names.add(Name);
    })(),
  );
  return names;
}

function scheduleName(connectorId: string, part: (typeof parts)[number]): string {
  return `${connectorId}-${part}`;
}

function inputs(
  places: SchedulePlaces,
  { id, config }: Connector,
  way: ScheduleWay,
): CreateScheduleCommandInput[] {
  const { identity, catchUpMs } = way.schedule(config);
  const planned = way.platformSchedules(config);
  if (planned.outcome === 'inexpressible') throw new PermanentError('inexpressible', planned.reason);
  return planned.expressions.map((expression, index) => ({
    GroupName: places.groupName,
    Name: scheduleName(id, parts[index] ?? 1),
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: planned.timeZone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: places.tickQueueArn,
      RoleArn: places.roleArn,
      Input: tickBody({ connectorId: id, identity, tickAt: scheduledTime }),
      RetryPolicy: {
        MaximumRetryAttempts: retryAttempts,
        MaximumEventAgeInSeconds: eventAgeSeconds(catchUpMs),
      },
      DeadLetterConfig: { Arn: places.deadLetterQueueArn },
    },
  }));
}

/** A tick that is older than its connector catches up with starts nothing any more. */
function eventAgeSeconds(catchUpMs: number): number {
  return Math.min(longestAgeSeconds, Math.max(shortestAgeSeconds, Math.ceil(catchUpMs / 1_000)));
}

async function put(client: SchedulerClient, input: CreateScheduleCommandInput): Promise<void> {
  const { CreateScheduleCommand, UpdateScheduleCommand } = await import('@aws-sdk/client-scheduler');
  try {
    await callAws(client.send(new UpdateScheduleCommand(input)));
  } catch (thrown) {
    if (!isAwsError(thrown, 'ResourceNotFoundException')) throw thrown;
    await callAws(client.send(new CreateScheduleCommand(input)));
  }
}

async function remove(client: SchedulerClient, GroupName: string, Name: string): Promise<void> {
  const { DeleteScheduleCommand } = await import('@aws-sdk/client-scheduler');
  try {
    await callAws(client.send(new DeleteScheduleCommand({ GroupName, Name })));
  } catch (thrown) {
    if (!isAwsError(thrown, 'ResourceNotFoundException')) throw thrown;
  }
}
