import { ArnFormat, CustomResource, Names, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { KafkaVariables } from '../../src/engines/aws/entry/source-environment.ts';
import { connectorTag } from '../../src/engines/aws/sources/wanted-mapping.ts';
import {
  lambdaItselfMay,
  onClusters,
  type Permission,
  readOthersSecrets,
  readSecrets,
} from '../functions/permissions.ts';
import { deadLetterQueue } from '../queues/work-queue.ts';
import type { Settings } from '../settings/settings.ts';
import { DeployedTopics, deployedTopicOf } from './kafka/deployed-topics.ts';

/**
 * From a topic to its runs: event source mappings, which the functions that manage connectors make for each, call one
 * function. Only a deployment that wants Kafka has it: with it those functions may make mappings of this one function.
 */
export class KafkaTrigger extends Construct {
  /** Takes the coordinates of batches that the function could not take. */
  readonly lostBatches: Queue;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, settings: Settings, encryptionKey: IKey | undefined) {
    super(scope, id);
    this.#settings = settings;
    this.lostBatches = deadLetterQueue(this, 'LostBatches', encryptionKey);
  }

  /** What functions that make mappings of `reader` have to know. */
  variables(reader: IFunction): KafkaVariables {
    return {
      KAFKA_FUNCTION_ARN: reader.functionArn,
      KAFKA_LOST_BATCHES_ARN: this.lostBatches.queueArn,
      KAFKA_SECRET_PREFIX: `${this.name}/`,
      KAFKA_POLLER_GROUP: this.name,
      KAFKA_SUBNET_IDS: this.#settings.kafkaSubnetIds.join(','),
      KAFKA_SECURITY_GROUP_IDS: this.#settings.kafkaSecurityGroupIds.join(','),
      KAFKA_TOPICS: JSON.stringify(this.#settings.kafkaTopics.map(deployedTopicOf)),
    };
  }

  /** What Lambda does in the reader's name, beside taking the messages. */
  get readerPermissions(): readonly Permission[] {
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

  /** What functions may do that make mappings: with `reader`, and with secrets of these names. */
  managerPermissions(reader: IFunction): readonly Permission[] {
    return [
      onMappings(reader, 'Create', 'Update', 'Delete'),
      listMappings,
      {
        actions: ['lambda:TagResource'],
        resources: [this.mappingArns],
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [connectorTag] } },
      },
      {
        actions: ['lambda:CreateAlias', 'lambda:DeleteAlias', 'lambda:ListAliases'],
        resources: [reader.functionArn],
      },
      onSecrets(this.secretArns, 'CreateSecret', 'PutSecretValue', 'DeleteSecret'),
    ];
  }

  /** What a function may do that only takes away what was made of `reader`. */
  removerPermissions(reader: IFunction): readonly Permission[] {
    return [
      onMappings(reader, 'Delete'),
      listMappings,
      { actions: ['lambda:DeleteAlias', 'lambda:ListAliases'], resources: [reader.functionArn] },
      onSecrets(this.secretArns, 'DeleteSecret'),
    ];
  }

  /** Has `reader` take the messages of the topics that the settings name. */
  readWith(reader: IFunction): void {
    const { lostBatches, name: pollerGroup } = this;
    new DeployedTopics(this, 'Topics', { settings: this.#settings, reader, lostBatches, pollerGroup });
  }

  /** Has `remover` take away what connectors have made of `reader`, before either goes with the stack. */
  removeWith(remover: IFunction, reader: IFunction): void {
    const resource = new CustomResource(this, 'Made', { serviceToken: remover.functionArn });
    resource.node.addDependency(remover, reader);
  }

  /** Names of secrets and of the pollers' group begin so. */
  private get name(): string {
    return Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
  }

  /** Of every secret that a connector's mapping reads. */
  get secretArns(): string {
    const secrets = { service: 'secretsmanager', resource: 'secret', resourceName: `${this.name}/*` };
    return Stack.of(this).formatArn({ ...secrets, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }

  /** Of the secrets that the settings name. */
  private get topicSecrets(): string[] {
    return this.#settings.kafkaTopics.flatMap(({ secretArn }) => secretArn ?? []);
  }

  /** Of every mapping of the account: a new one has an id that nobody knows before. */
  get mappingArns(): string {
    const mappings = { service: 'lambda', resource: 'event-source-mapping', resourceName: '*' };
    return Stack.of(this).formatArn({ ...mappings, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}

/** Clusters of MSK that a deployment knows: those that connectors may use, and those of the topics that the settings name. */
export function clustersOf({ kafkaClusterArns, kafkaTopics }: Settings): string[] {
  return [...new Set([...kafkaClusterArns, ...kafkaTopics.flatMap(({ clusterArn }) => clusterArn ?? [])])];
}

/** On event source mappings of one function only, by whatever alias they call it. */
function onMappings(
  { functionArn }: IFunction,
  ...verbs: readonly ('Create' | 'Update' | 'Delete')[]
): Permission {
  return {
    actions: verbs.map((verb) => `lambda:${verb}EventSourceMapping`),
    resources: ['*'],
    conditions: { ArnLike: { 'lambda:FunctionArn': [functionArn, `${functionArn}:*`] } },
  };
}

const listMappings: Permission = { actions: ['lambda:ListEventSourceMappings'], resources: ['*'] };

function onSecrets(
  arns: string,
  ...actions: readonly ('CreateSecret' | 'PutSecretValue' | 'DeleteSecret')[]
): Permission {
  return { actions: actions.map((action) => `secretsmanager:${action}`), resources: [arns] };
}

/** How Lambda reaches brokers in a network (Lambda developer guide, "Configuring permissions for MSK event sources"). */
const reachBrokers = lambdaItselfMay(
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
);
