import type { CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Connector } from '../../../../core/connectors/connector.ts';
import { wayOf } from '../../../../core/connectors/connector-config.ts';
import type { ScheduleWay } from '../../../../core/connectors/ways.ts';
import { PermanentError } from '../../../../core/errors.ts';
import { type ConnectorPoll, pollOf } from '../../../../core/polls/poll-once.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { callAws, isAwsError } from '../../store/aws-errors.ts';
import { pollBody, scheduledTime, tickBody } from './tick-message.ts';

/** Where a deployment's schedules are, and where they send ticks. */
export interface ScheduleConfig {
  /** Name of the schedule group. It contains the deployment's schedules and nothing else. */
  readonly groupName: string;
  readonly tickQueueArn: string;
  /** Receives what the scheduler could not send. */
  readonly deadLetterQueueArn: string;
  /** ARN of the role in which the scheduler sends. */
  readonly roleArn: string;
}

/** Retries of a schedule whose queue does not accept its message, within the time that its ticks are useful. */
const retryAttempts = 30;
const shortestAgeSeconds = 3_600;
const longestAgeSeconds = 86_400;

/** An expression with both a day of the month and a day of the week needs two schedules. */
const parts = [1, 2] as const;

/** The schedules of connectors in EventBridge Scheduler. */
export interface Schedules {
  /** Creates, updates, or removes the schedules of a connector to match `planned`. */
  follow(connectorId: string, planned: readonly PlannedSchedule[]): Promise<void>;
  /** Names of all existing schedules. */
  names(): Promise<ReadonlySet<string>>;
}

/** A schedule that a connector needs. */
export interface PlannedSchedule {
  /** `cron(...)` or `rate(...)`. */
  readonly expression: string;
  /** Name in the IANA time zone database. */
  readonly timeZone: string;
  /** Body of the message that the schedule sends. */
  readonly body: string;
  /** How long after its time the message is useful, in ms. */
  readonly validForMs: number;
}

/**
 * The schedules for a connector's current record: for its ticks, or for its polls; none for other connectors.
 *
 * @throws PermanentError if they cannot be expressed
 */
export function plannedSchedules(engine: Engine, connector: Connector): readonly PlannedSchedule[] {
  if (!connector.enabled) return [];
  const way = wayOf(engine.types, connector, 'schedule');
  if (way !== undefined) return plannedTicks(connector, way);
  const poll = pollOf(engine, connector);
  return poll === null ? [] : [plannedPolls(connector.id, poll)];
}

/** Names of a connector's schedules, one for each planned schedule. */
export function scheduleNames(connectorId: string, planned: readonly PlannedSchedule[]): readonly string[] {
  return planned.map((_, index) => scheduleName(connectorId, parts[index] ?? 1));
}

/** The connector of a schedule's name. */
export function connectorOfSchedule(name: string): string {
  return name.replace(/-\d$/, '');
}

/** @param scheduler loaded when the first schedule is used */
export function schedules(scheduler: () => Promise<SchedulerClient>, places: ScheduleConfig): Schedules {
  return {
    async follow(connectorId, planned) {
      const client = await scheduler();
      for (const [index, part] of parts.entries()) {
        const wanted = planned[index];
        const name = scheduleName(connectorId, part);
        if (wanted === undefined) await remove(client, places.groupName, name);
        else await put(client, inputOf(places, name, wanted));
      }
    },
    names: async () => listNames(await scheduler(), places.groupName),
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

function plannedTicks({ id, config }: Connector, way: ScheduleWay): PlannedSchedule[] {
  const { identity, catchUpMs: validForMs } = way.schedule(config);
  const planned = way.platformSchedules(config);
  if (planned.outcome === 'inexpressible') throw new PermanentError('inexpressible', planned.reason);
  const { timeZone } = planned;
  const body = tickBody({ connectorId: id, identity, tickAt: scheduledTime });
  return planned.expressions.map((expression) => ({ expression, timeZone, body, validForMs }));
}

/** The scheduler's smallest unit is a minute. */
function plannedPolls(connectorId: string, { everySeconds }: ConnectorPoll): PlannedSchedule {
  const minutes = Math.max(1, Math.ceil(everySeconds / 60));
  const expression = `rate(${minutes} minute${minutes === 1 ? '' : 's'})`;
  return { expression, timeZone: 'UTC', body: pollBody(connectorId), validForMs: 0 };
}

function inputOf(places: ScheduleConfig, Name: string, planned: PlannedSchedule): CreateScheduleCommandInput {
  return {
    GroupName: places.groupName,
    Name,
    ScheduleExpression: planned.expression,
    ScheduleExpressionTimezone: planned.timeZone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: places.tickQueueArn,
      RoleArn: places.roleArn,
      Input: planned.body,
      RetryPolicy: {
        MaximumRetryAttempts: retryAttempts,
        MaximumEventAgeInSeconds: eventAgeSeconds(planned.validForMs),
      },
      DeadLetterConfig: { Arn: places.deadLetterQueueArn },
    },
  };
}

/** A tick older than its connector's catch-up time starts no run. */
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
