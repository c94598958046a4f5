import { ArnFormat, Names, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StreamVariables } from '../../src/engines/aws/entry/source-environment.ts';
import type { ConnectorBinding, MappingBinding } from '../connector-binding.ts';
import {
  lambdaItselfMay,
  type Permission,
  readOthersSecrets,
  readSecrets,
} from '../functions/permissions.ts';
import { type AlarmDescription, period } from '../monitoring/alarms/alarm-description.ts';
import type { Wildcard } from '../nag-suppressions.ts';
import { deadLetterQueue } from '../queues/work-queue.ts';
import { onClusters, withinClusters, writeTo } from './kafka/cluster-permissions.ts';
import { DeployedTopics, deployedTopicOf } from './kafka/deployed-topics.ts';
import { brokersPlace, clustersOf, type KafkaSettings, type Place } from './kafka/kafka-settings.ts';

type Settings = KafkaSettings & Place;

/**
 * Kafka in the stack: writes to MSK clusters. If the deployment reads topics, adds event source mappings and a queue
 * for the batches that the function could not take.
 *
 * @param encryptionKey of the queue; absent for a key managed by SQS
 */
export function bind(system: Construct, settings: Settings, encryptionKey?: IKey): ConnectorBinding {
  const writing = writeTo(settings.kafkaClusterArns);
  const nagSuppressions = clusterWildcards(clustersOf(settings));
  if (!settings.kafka) return { permissions: { send: writing }, nagSuppressions };
  const reading = new KafkaReading(system, 'KafkaTrigger', settings, encryptionKey);
  const lostBatches = { STREAM_LOST_BATCHES_ARN: reading.lostBatches.queueArn };
  return {
    permissions: {
      send: writing,
      'take-mapped': reading.takerPermissions,
      'manage-sources': [onSecrets(reading.secretArns, 'CreateSecret', 'PutSecretValue', 'DeleteSecret')],
      'remove-sources': [onSecrets(reading.secretArns, 'DeleteSecret')],
    },
    variables: { 'keep-dead-letters': lostBatches },
    deadLetters: { Kafka: reading.lostBatches },
    nagSuppressions: [...nagSuppressions, reading.secretsWildcard],
    mappings: reading,
  };
}

/**
 * Leads from a topic to its runs. The functions that manage connectors create an event source mapping for each topic,
 * and all mappings call one function. Those functions may create mappings of this function only.
 */
class KafkaReading extends Construct implements MappingBinding {
  readonly type = 'kafka';
  readonly scope = this;
  /** Receives the coordinates of batches that the function could not take. */
  readonly lostBatches: Queue;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings, encryptionKey: IKey | undefined) {
    super(scope, id);
    this.#settings = settings;
    this.lostBatches = deadLetterQueue(this, 'LostBatches', encryptionKey);
  }

  get variables(): StreamVariables {
    const { subnetIds, securityGroupIds } = brokersPlace(this.#settings);
    return {
      STREAM_LOST_BATCHES_ARN: this.lostBatches.queueArn,
      STREAM_SECRET_PREFIX: `${this.name}/`,
      STREAM_POLLER_GROUP: this.name,
      STREAM_SUBNET_IDS: subnetIds.join(','),
      STREAM_SECURITY_GROUP_IDS: securityGroupIds.join(','),
      STREAM_CONNECTORS: JSON.stringify(this.#settings.kafkaTopics.map(deployedTopicOf)),
    };
  }

  mapDeployed(taker: IFunction): void {
    const { kafkaTopics: topics } = this.#settings;
    const { lostBatches, name: pollerGroup } = this;
    const place = brokersPlace(this.#settings);
    new DeployedTopics(this, 'Topics', { topics, place, taker, lostBatches, pollerGroup });
  }

  alarms(taker: IFunction): AlarmDescription[] {
    return [
      {
        name: 'KafkaLag',
        meaning: 'Messages of a topic arrive faster than they are processed.',
        metric: taker.metric('OffsetLag', { period, statistic: 'max' }),
        threshold: 10_000,
        periods: 3,
      },
    ];
  }

  /** What Lambda does with the taker's role, besides handing over messages. */
  get takerPermissions(): Permission[] {
    return [
      ...onClusters(clustersOf(this.#settings), {
        cluster: ['Connect', 'DescribeClusterDynamicConfiguration'],
        topic: ['DescribeTopic', 'ReadData'],
        group: ['AlterGroup', 'DescribeGroup'],
      }),
      readSecrets(this.secretArns),
      ...readOthersSecrets(Stack.of(this), this.topicSecrets),
      { actions: ['sqs:SendMessage'], resources: [this.lostBatches.queueArn] },
      ...reachBrokers,
    ];
  }

  /** ARN pattern of every secret that a connector's mapping reads. */
  get secretArns(): string {
    const secrets = { service: 'secretsmanager', resource: 'secret', resourceName: `${this.name}/*` };
    return Stack.of(this).formatArn({ ...secrets, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }

  get secretsWildcard(): Wildcard {
    return { arn: this.secretArns, reason: 'The secrets that this deployment makes for event sources.' };
  }

  /** Prefix of the secrets' names, and name of the poller group. */
  private get name(): string {
    return Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
  }

  /** ARNs of the secrets that the settings name. */
  private get topicSecrets(): string[] {
    return this.#settings.kafkaTopics.flatMap(({ secretArn }) => secretArn ?? []);
  }
}

/** Connectors choose topics and groups after the deployment. */
function clusterWildcards(clusterArns: readonly string[]): Wildcard[] {
  const all = [...withinClusters(clusterArns, 'topic'), ...withinClusters(clusterArns, 'group')];
  return all.map((arn) => ({ arn, reason: 'All topics and groups of this cluster.' }));
}

function onSecrets(
  arns: string,
  ...actions: readonly ('CreateSecret' | 'PutSecretValue' | 'DeleteSecret')[]
): Permission {
  return { actions: actions.map((action) => `secretsmanager:${action}`), resources: [arns] };
}

/** Lets Lambda reach brokers in a VPC (Lambda developer guide, "Configuring permissions for MSK event sources"). */
const reachBrokers = lambdaItselfMay(
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
);
