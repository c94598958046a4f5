import * as z from 'zod';
import { jsonText } from '../store/payload-objects.ts';
import { type DeployedConnector, deployedConnector } from '../ways/mapping/deployed-connectors.ts';
import type { MappingConfig } from '../ways/mapping/wanted-mapping.ts';
import type { RuleConfig } from '../ways/rule/rules.ts';
import type { SourceConfig } from '../ways/source-adapters.ts';
import { hasMappings, hasRules, variable } from './function-environment.ts';

/** Variables of functions that manage the schedules of connectors. */
const scheduleEnvironment = z.object({
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_ROLE_ARN: z.string().min(1),
  TICK_QUEUE_ARN: z.string().min(1),
  TICK_DEAD_LETTERS_ARN: z.string().min(1),
});

const list = z.string().transform((text) => text.split(',').filter((entry) => entry !== ''));

/** Further variables if connectors may have event source mappings. */
const mappingEnvironment = z.object({
  MAPPING_FUNCTION_ARN: z.string().min(1),
  /** Names of the connector types that may have mappings. */
  MAPPED_TYPES: list,
});

/** Further variables if connectors read streams. */
const streamEnvironment = z.object({
  STREAM_LOST_BATCHES_ARN: z.string().min(1),
  STREAM_SECRET_PREFIX: z.string().min(1),
  STREAM_POLLER_GROUP: z.string().min(1),
  STREAM_SUBNET_IDS: list,
  STREAM_SECURITY_GROUP_IDS: list,
  /** Connectors of streams whose mappings the stack contains, as JSON. */
  STREAM_CONNECTORS: jsonText.pipe(z.array(deployedConnector)),
});

/** Further variables if connectors may have rules on event buses. */
const ruleEnvironment = z.object({
  RULE_PREFIX: z.string().min(1),
  EVENT_BUSES: list,
  EVENT_QUEUE_ARN: z.string().min(1),
  EVENT_DEAD_LETTERS_ARN: z.string().min(1),
});

/** The same names, as the strings in a function's configuration. */
export type ScheduleVariables = Readonly<Record<keyof z.infer<typeof scheduleEnvironment>, string>>;
export type MappingVariables = Readonly<Record<keyof z.input<typeof mappingEnvironment>, string>>;
export type StreamVariables = Readonly<Record<keyof z.input<typeof streamEnvironment>, string>>;
export type RuleVariables = Readonly<Record<keyof z.input<typeof ruleEnvironment>, string>>;

/** Where the function creates sources. @throws ZodError if a variable is missing */
export function sourceConfig(): SourceConfig {
  const environment = scheduleEnvironment.parse(process.env);
  return {
    tableName: variable('TABLE_NAME'),
    schedules: {
      groupName: environment.SCHEDULE_GROUP,
      roleArn: environment.SCHEDULE_ROLE_ARN,
      tickQueueArn: environment.TICK_QUEUE_ARN,
      deadLetterQueueArn: environment.TICK_DEAD_LETTERS_ARN,
    },
    ...(hasMappings() ? { mappings: mappingConfig() } : {}),
    ...(hasRules() ? { rules: ruleConfig() } : {}),
  };
}

/** Where the function creates event source mappings. @throws ZodError if a variable is missing */
export function mappingConfig(): MappingConfig {
  const { MAPPING_FUNCTION_ARN: functionArn } = mappingEnvironment.parse(process.env);
  const deployedIds = deployedConnectors().map(({ connectorId }) => connectorId);
  if (!readsStreams()) return { functionArn, deployedIds, streams: null };
  const environment = streamEnvironment.parse(process.env);
  return {
    functionArn,
    deployedIds,
    streams: {
      onFailureArn: environment.STREAM_LOST_BATCHES_ARN,
      secretPrefix: environment.STREAM_SECRET_PREFIX,
      pollerGroup: environment.STREAM_POLLER_GROUP,
      subnetIds: environment.STREAM_SUBNET_IDS,
      securityGroupIds: environment.STREAM_SECURITY_GROUP_IDS,
    },
  };
}

/** The connectors of streams whose mappings the stack contains. */
export function deployedConnectors(): readonly DeployedConnector[] {
  return readsStreams() ? streamEnvironment.parse(process.env).STREAM_CONNECTORS : [];
}

function readsStreams(): boolean {
  return process.env['STREAM_LOST_BATCHES_ARN'] !== undefined;
}

/** Where the function creates rules. @throws ZodError if a variable is missing */
export function ruleConfig(): RuleConfig {
  const environment = ruleEnvironment.parse(process.env);
  return {
    prefix: environment.RULE_PREFIX,
    buses: environment.EVENT_BUSES,
    eventQueueArn: environment.EVENT_QUEUE_ARN,
    deadLetterQueueArn: environment.EVENT_DEAD_LETTERS_ARN,
  };
}
