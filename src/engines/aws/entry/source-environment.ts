import * as z from 'zod';
import { jsonText } from '../store/payload-objects.ts';
import { type DeployedConnector, deployedConnector } from '../ways/mapping/deployed-connectors.ts';
import type { StreamPlaces } from '../ways/mapping/streams.ts';
import type { RulePlaces } from '../ways/rule/rules.ts';
import type { SourcePlaces } from '../ways/source-adapters.ts';
import { hasRules } from './deployed-ways.ts';
import { variable } from './function-environment.ts';

/** What the stack tells the functions that make and remove the schedules of connectors. */
const scheduleEnvironment = z.object({
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_ROLE_ARN: z.string().min(1),
  TICK_QUEUE_ARN: z.string().min(1),
  TICK_DEAD_LETTERS_ARN: z.string().min(1),
});

const list = z.string().transform((text) => text.split(',').filter((entry) => entry !== ''));

/** What it tells them where it has event sources for Kafka. */
const kafkaEnvironment = z.object({
  KAFKA_FUNCTION_ARN: z.string().min(1),
  KAFKA_LOST_BATCHES_ARN: z.string().min(1),
  KAFKA_SECRET_PREFIX: z.string().min(1),
  KAFKA_POLLER_GROUP: z.string().min(1),
  KAFKA_SUBNET_IDS: list,
  KAFKA_SECURITY_GROUP_IDS: list,
  /** Topics that the stack itself reads, as JSON. */
  KAFKA_TOPICS: jsonText.pipe(z.array(deployedConnector)),
});

/** What it tells them where connectors may have rules on event buses. */
const ruleEnvironment = z.object({
  RULE_PREFIX: z.string().min(1),
  EVENT_BUSES: list,
  EVENT_QUEUE_ARN: z.string().min(1),
  EVENT_DEAD_LETTERS_ARN: z.string().min(1),
});

/** The same names, as the text that a function's configuration holds. */
export type ScheduleVariables = Readonly<Record<keyof z.infer<typeof scheduleEnvironment>, string>>;
export type KafkaVariables = Readonly<Record<keyof z.infer<typeof kafkaEnvironment>, string>>;

export type RuleVariables = Readonly<Record<keyof z.input<typeof ruleEnvironment>, string>>;

/** Where the function makes sources. @throws ZodError where it was deployed without them */
export function sourcePlaces(): SourcePlaces {
  const environment = scheduleEnvironment.parse(process.env);
  return {
    tableName: variable('TABLE_NAME'),
    schedules: {
      groupName: environment.SCHEDULE_GROUP,
      roleArn: environment.SCHEDULE_ROLE_ARN,
      tickQueueArn: environment.TICK_QUEUE_ARN,
      deadLetterQueueArn: environment.TICK_DEAD_LETTERS_ARN,
    },
    ...(readsKafka() ? { streams: streamPlaces() } : {}),
    ...(hasRules() ? { rules: rulePlaces() } : {}),
  };
}

/** Whether the deployment has event sources for Kafka. */
export function readsKafka(): boolean {
  return process.env['KAFKA_FUNCTION_ARN'] !== undefined;
}

/** Where the function makes event sources for Kafka. @throws ZodError where it was deployed without them */
export function streamPlaces(): StreamPlaces {
  const environment = kafkaEnvironment.parse(process.env);
  return {
    functionArn: environment.KAFKA_FUNCTION_ARN,
    onFailureArn: environment.KAFKA_LOST_BATCHES_ARN,
    secretPrefix: environment.KAFKA_SECRET_PREFIX,
    pollerGroup: environment.KAFKA_POLLER_GROUP,
    subnetIds: environment.KAFKA_SUBNET_IDS,
    securityGroupIds: environment.KAFKA_SECURITY_GROUP_IDS,
    deployedIds: environment.KAFKA_TOPICS.map(({ connectorId }) => connectorId),
  };
}

/** The topics that the stack itself reads. */
export function deployedConnectors(): readonly DeployedConnector[] {
  return readsKafka() ? kafkaEnvironment.parse(process.env).KAFKA_TOPICS : [];
}

/** Where the function makes rules. @throws ZodError where it was deployed without them */
export function rulePlaces(): RulePlaces {
  const environment = ruleEnvironment.parse(process.env);
  return {
    prefix: environment.RULE_PREFIX,
    buses: environment.EVENT_BUSES,
    eventQueueArn: environment.EVENT_QUEUE_ARN,
    deadLetterQueueArn: environment.EVENT_DEAD_LETTERS_ARN,
  };
}
