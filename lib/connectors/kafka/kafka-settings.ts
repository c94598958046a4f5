import * as z from 'zod';
import { formed } from '../../settings/formed-text.ts';
import { list, onOff, securityGroups, subnets } from '../../settings/setting-forms.ts';
import type { KafkaProps } from './kafka-props.ts';
import { kafkaTopics } from './kafka-topic.ts';

/** The settings of Kafka; `KafkaProps` documents each one. */
export const kafkaFields = {
  kafka: onOff.default(false),
  kafkaClusterArns: list.pipe(z.array(formed(/^arn:[\w-]+:kafka:.+/, 'ARNs of MSK clusters'))).default([]),
  kafkaTopics: kafkaTopics.default([]),
  kafkaSubnetIds: subnets,
  kafkaSecurityGroupIds: securityGroups,
} satisfies Readonly<Record<keyof KafkaProps, z.ZodType>>;

export type KafkaSettings = Readonly<z.output<z.ZodObject<typeof kafkaFields>>>;

/** The network of functions that reach external systems. */
export interface Place {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** The network from which brokers are read: their own if the settings name one, otherwise that of other connections. */
export function brokersPlace(settings: KafkaSettings & Place): Place {
  const { kafkaSubnetIds: subnetIds, kafkaSecurityGroupIds: securityGroupIds } = settings;
  return subnetIds.length > 0 ? { subnetIds, securityGroupIds } : settings;
}

/** All MSK clusters of a deployment: those that connectors may use and those of the topics in the settings. */
export function clustersOf({ kafkaClusterArns, kafkaTopics: topics }: KafkaSettings): string[] {
  return [...new Set([...kafkaClusterArns, ...topics.flatMap(({ clusterArn }) => clusterArn ?? [])])];
}

/** Settings that must be given together. */
export const kafkaPairs = [['kafkaSubnetIds', 'kafkaSecurityGroupIds']] as const;

/** Problems between settings that are valid individually, by setting. */
export function kafkaProblems({ kafka, kafkaTopics: topics }: KafkaSettings): [string, string][] {
  return topics.length > 0 && !kafka ? [['kafkaTopics', 'needs the setting kafka=true']] : [];
}

/** The agents that topics name, by the place that names them. */
export function agentsOfTopics({ kafkaTopics: topics }: KafkaSettings): [string, readonly string[]][] {
  return topics.map(({ name, agents }) => [`kafkaTopics: ${name}`, agents]);
}
