import * as z from 'zod';
import { formed } from '../../settings/formed-text.ts';
import { list, onOff, securityGroups, subnets } from '../../settings/setting-forms.ts';
import type { KafkaProps } from './kafka-props.ts';
import { kafkaTopics } from './kafka-topic.ts';

/** The settings of Kafka: `KafkaProps` says what each means. */
export const kafkaFields = {
  kafka: onOff.default(false),
  kafkaClusterArns: list.pipe(z.array(formed(/^arn:[\w-]+:kafka:.+/, 'ARNs of MSK clusters'))).default([]),
  kafkaTopics: kafkaTopics.default([]),
  kafkaSubnetIds: subnets,
  kafkaSecurityGroupIds: securityGroups,
} satisfies Readonly<Record<keyof KafkaProps, z.ZodType>>;

export type KafkaSettings = Readonly<z.output<z.ZodObject<typeof kafkaFields>>>;

/** Where functions stand that reach others' systems. */
export interface Place {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** From where brokers are read: as the other connections, unless a place of its own is named. */
export function brokersPlace(settings: KafkaSettings & Place): Place {
  const { kafkaSubnetIds: subnetIds, kafkaSecurityGroupIds: securityGroupIds } = settings;
  return subnetIds.length > 0 ? { subnetIds, securityGroupIds } : settings;
}

/** Clusters of MSK that a deployment knows: those that connectors may use, and those of the topics that it reads. */
export function clustersOf({ kafkaClusterArns, kafkaTopics: topics }: KafkaSettings): string[] {
  return [...new Set([...kafkaClusterArns, ...topics.flatMap(({ clusterArn }) => clusterArn ?? [])])];
}

/** Settings that mean nothing without each other. */
export const kafkaPairs = [['kafkaSubnetIds', 'kafkaSecurityGroupIds']] as const;

/** What is wrong with settings that are valid one by one, by setting. */
export function kafkaProblems({ kafka, kafkaTopics: topics }: KafkaSettings): [string, string][] {
  return topics.length > 0 && !kafka ? [['kafkaTopics', 'needs the setting kafka=true']] : [];
}

/** The agents that topics name, by where they do. */
export function agentsOfTopics({ kafkaTopics: topics }: KafkaSettings): [string, readonly string[]][] {
  return topics.map(({ name, agents }) => [`kafkaTopics: ${name}`, agents]);
}
