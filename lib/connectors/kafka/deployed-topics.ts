import { CfnAlias, CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  type DeployedConnector,
  deployedConnectorId,
} from '../../../src/engines/aws/ways/mapping/deployed-connectors.ts';
import { errorHandling, pollers } from '../../../src/engines/aws/ways/mapping/wanted-mapping.ts';
import type { Place } from './kafka-settings.ts';
import type { KafkaTopic } from './kafka-topic.ts';

export interface DeployedTopicsProps {
  readonly topics: readonly KafkaTopic[];
  /** The network from which self-managed brokers are read. */
  readonly place: Place;
  /** The function that takes messages. */
  readonly taker: IFunction;
  readonly lostBatches: IQueue;
  readonly pollerGroup: string;
}

/** The event sources of the topics that the settings name. Each calls the function by its connector's alias. */
export class DeployedTopics extends Construct {
  constructor(scope: Construct, id: string, props: DeployedTopicsProps) {
    super(scope, id);
    for (const topic of props.topics) this.read(topic, props);
  }

  private read(topic: KafkaTopic, { place, taker, lostBatches, pollerGroup }: DeployedTopicsProps): void {
    const alias = new CfnAlias(this, `${topic.name}Alias`, {
      functionName: taker.functionName,
      functionVersion: '$LATEST',
      name: deployedConnectorId(topic.name),
    });
    new CfnEventSourceMapping(this, topic.name, {
      functionName: alias.ref,
      topics: [topic.topic],
      ...sourceOf(topic),
      startingPosition: topic.startAt === 'earliest' ? 'TRIM_HORIZON' : 'LATEST',
      ...accessOf(topic, place),
      batchSize: errorHandling.BatchSize,
      bisectBatchOnFunctionError: errorHandling.BisectBatchOnFunctionError,
      maximumRetryAttempts: errorHandling.MaximumRetryAttempts,
      functionResponseTypes: errorHandling.FunctionResponseTypes,
      destinationConfig: { onFailure: { destination: lostBatches.queueArn } },
      provisionedPollerConfig: {
        minimumPollers: pollers.MinimumPollers,
        maximumPollers: pollers.MaximumPollers,
        pollerGroupName: pollerGroup,
      },
    });
  }
}

/** What the function that creates connectors needs to know about a topic. */
export function deployedTopicOf(topic: KafkaTopic): DeployedConnector {
  const { name, agents, clusterArn, bootstrapServers, authentication, startAt } = topic;
  return {
    connectorId: deployedConnectorId(name),
    type: 'kafka',
    name,
    agents,
    config: {
      ...(clusterArn === undefined ? {} : { cluster_arn: clusterArn }),
      ...(bootstrapServers === undefined ? {} : { bootstrap_servers: bootstrapServers }),
      security_protocol: authentication === 'none' ? 'PLAINTEXT' : 'SASL_SSL',
      ...(authentication === 'none' ? {} : { sasl_mechanism: authentication }),
      topic: topic.topic,
      group_id: groupIdOf(topic),
      auto_offset_reset: startAt,
    },
  };
}

function groupIdOf({ name, groupId }: KafkaTopic): string {
  return groupId ?? `agent-connectors-${deployedConnectorId(name)}`;
}

function sourceOf(topic: KafkaTopic) {
  const { clusterArn, bootstrapServers = '' } = topic;
  const group = { consumerGroupId: groupIdOf(topic) };
  if (clusterArn !== undefined) {
    return { eventSourceArn: clusterArn, amazonManagedKafkaEventSourceConfig: group };
  }
  const kafkaBootstrapServers = bootstrapServers.split(',').map((server) => server.trim());
  return {
    selfManagedEventSource: { endpoints: { kafkaBootstrapServers } },
    selfManagedKafkaEventSourceConfig: group,
  };
}

const accessTypes = {
  'SCRAM-SHA-512': 'SASL_SCRAM_512_AUTH',
  'SCRAM-SHA-256': 'SASL_SCRAM_256_AUTH',
  PLAIN: 'BASIC_AUTH',
} as const;

function accessOf(topic: KafkaTopic, { subnetIds, securityGroupIds }: Place) {
  const { authentication, secretArn, clusterArn } = topic;
  const network = [
    ...subnetIds.map((id) => ({ type: 'VPC_SUBNET', uri: `subnet:${id}` })),
    ...securityGroupIds.map((id) => ({ type: 'VPC_SECURITY_GROUP', uri: `security_group:${id}` })),
  ];
  // Lambda finds the network of an MSK cluster itself.
  const access = clusterArn === undefined ? network : [];
  if (authentication !== 'none' && authentication !== 'IAM' && secretArn !== undefined) {
    access.push({ type: accessTypes[authentication], uri: secretArn });
  }
  return access.length === 0 ? {} : { sourceAccessConfigurations: access };
}
